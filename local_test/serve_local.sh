#!/usr/bin/env bash
# Serve the model of test_dir as SageMaker does, on http://127.0.0.1:8080, until Ctrl+C.
#
#   local_test/serve_local.sh IMAGE
#
# TEST_DIR=folder serves FOLDER/model; PORT=9000 listens on another port of this machine.
# shellcheck source=local_test/common.sh
. "$(dirname "$0")/common.sh"

[ $# = 1 ] || fail "usage: $0 IMAGE"
need_image "$1"
[ -f "$test_dir/model/manifest.json" ] ||
    fail "there is no model in $test_dir/model: train one with local_test/train_local.sh $1"

# SageMaker mounts the model read-only; the server writes to /tmp alone.
exec "$docker" run --rm --publish "127.0.0.1:${PORT:-8080}:8080" \
    --volume "$(cd "$test_dir/model" && pwd):/opt/ml/model:ro" "$1" serve
