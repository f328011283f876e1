#!/bin/sh
# On Debian 12's kernel an `add` of an element that is there, with a longer timeout, answers success and
# changes nothing; add + delete + add in one batch extends it, and works where the element has just
# ended. What ends by itself in the kernel must be extended so.
set -eu
fail() { echo "FAILED: $*"; nft list table inet trap; exit 1; }
timeout_of() { nft list map inet trap m | grep -o 'timeout [0-9a-z]* expires' | cut -d' ' -f2; }

case "$(uname -r)" in
  6.1.*) ;;
  *) fail "this is about Linux 6.1, not $(uname -r)" ;;
esac
nft 'add table inet trap; add map inet trap m { type mark : verdict; flags timeout; }'
nft 'add element inet trap m { 1 timeout 1h : drop }'

nft 'add element inet trap m { 1 timeout 2h : drop }' || fail "add said no"
[ "$(timeout_of)" = 1h ] || fail "add extended the timeout: the trap is gone from this kernel"
echo "add alone: success, and the timeout is still $(timeout_of)"

nft 'add element inet trap m { 1 timeout 2h : drop }; delete element inet trap m { 1 : drop };
     add element inet trap m { 1 timeout 2h : drop }' || fail "add + delete + add said no"
[ "$(timeout_of)" = 2h ] || fail "add + delete + add left $(timeout_of)"
echo "add + delete + add: $(timeout_of)"

nft 'add element inet trap m { 2 timeout 100ms : drop }'
sleep 1
nft 'delete element inet trap m { 2 : drop }' 2>/dev/null && fail "an ended element could be deleted"
nft 'add element inet trap m { 2 timeout 3h : drop }; delete element inet trap m { 2 : drop };
     add element inet trap m { 2 timeout 3h : drop }' || fail "add + delete + add of an ended one said no"
[ "$(timeout_of | sort | tr '\n' ' ')" = "2h 3h " ] || fail "the ended element did not come back"
echo "an ended element: delete alone is refused, add + delete + add works"
nft delete table inet trap
