#!/bin/bash
# The completion files in a real bash: bash_completion.sh FOLDER PROGRAM ...
# Sources each program's file, types, and looks at what is offered.
set -u
folder=$1
shift
failed=0

# offers PROGRAM WANTED WORD...: the last word is the one that is being typed.
offers() {
  local program=$1 wanted=$2
  shift 2
  COMP_WORDS=("$program" "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  "$(complete -p "$(basename "$program")" | sed -E 's/.*-F ([^ ]+) .*/\1/')" "$program" "${!#}" ""
  printf '%s\n' "${COMPREPLY[@]-}" | grep -qxF -- "$wanted" && return
  echo "$program $*: offers ${COMPREPLY[*]-}, not $wanted"
  failed=1
}

for program in "$@"; do
  source "$folder/$(basename "$program")" || exit 1
  case $(basename "$program") in
    lokaalctl)
      offers "$program" why wh
      offers "$program" --json --j
      offers "$program" check config c
      offers "$program" devices-away sign set-mode dev
      offers "$program" --password-file send --pass
      offers "$program" nl --lang n
      ;;
    lokaald)
      offers "$program" --check-config --ch
      offers "$program" install --guard in
      ;;
  esac
done
exit $failed
