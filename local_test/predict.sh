#!/usr/bin/env bash
# Send a file to the server that serve_local.sh started and print its answer.
#
#   local_test/predict.sh FILE [CONTENT-TYPE]
#
# The content type follows from the file's name when it is left out. PORT=9000 asks another port;
# ACCEPT=text/csv asks for another form of answer.
# shellcheck source=local_test/common.sh
. "$(dirname "$0")/common.sh"

[ $# = 1 ] || [ $# = 2 ] || fail "usage: $0 FILE [CONTENT-TYPE]"
[ -f "$1" ] || fail "there is no file $1"
case $1 in
    *.json) type=application/json ;;
    *.jsonl) type=application/jsonlines ;;
    *.csv) type=text/csv ;;
    *.txt) type=text/plain ;;
    *) type= ;;
esac
type=${2:-$type}
[ -n "$type" ] || fail "the content type of $1 is not known: name it, as in: $0 $1 text/plain"

curl --silent --show-error --fail-with-body \
    --header "Content-Type: $type" --header "Accept: ${ACCEPT:-application/json}" \
    --data-binary "@$1" "http://127.0.0.1:${PORT:-8080}/invocations"
