# Read by ./demo and ./check: stages that say how long they took, and programs that speak only when they fail.
# shellcheck shell=bash

stages=()
stage_name=
stage_began=0

bold() { if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then printf '\033[1m%s\033[0m\n' "$*"; else printf '%s\n' "$*"; fi; }

minutes() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# stage NAME: the stage before, if any, has ended.
stage() {
  end_stage
  stage_name=$1
  stage_began=$SECONDS
  bold "== $1"
}

end_stage() {
  [ -z "$stage_name" ] || stages+=("$(minutes $((SECONDS - stage_began)))  $stage_name")
  stage_name=
}

print_stages() {
  end_stage
  echo "minutes per stage:"
  printf '  %s\n' "${stages[@]}" "$(minutes "$SECONDS")  in all"
}

# quietly WHAT COMMAND ...: a sign of life now and then; its output only if it fails.
quietly() {
  local what=$1 log pid began=$SECONDS said=$SECONDS
  shift
  log=$(mktemp)
  echo "$what"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    if ((SECONDS - said >= 15)); then
      said=$SECONDS
      echo "  ... $((SECONDS - began)) s"
    fi
  done
  if wait "$pid"; then
    rm -f "$log"
    return 0
  fi
  cat "$log" >&2
  rm -f "$log"
  echo "failed: $what" >&2
  return 1
}
