#!/usr/bin/env bash
# Train in the image as SageMaker does: /opt/ml is test_dir, the command is "train".
#
#   local_test/train_local.sh IMAGE
#
# TEST_DIR=folder trains on another folder of the same layout. Without documents in it, the sample
# letters are written first; HASHED=1 hashes their words then (set tokenizer to whitespace).
# shellcheck source=local_test/common.sh
. "$(dirname "$0")/common.sh"

[ $# = 1 ] || fail "usage: $0 IMAGE"
need_image "$1"

if [ ! -d "$test_dir/input/data" ]; then
    python3 "$here/letters.py" ${HASHED:+--hashed} "$test_dir/input/data"
fi
mkdir -p "$test_dir/model" "$test_dir/output"
# An earlier run's model must not pass for this one's.
rm -rf "${test_dir:?}/model/"* "$test_dir/output/"*

# Run as the caller, who then owns the model; on SageMaker it is root.
"$docker" run --rm --user "$(id -u):$(id -g)" --volume "$(cd "$test_dir" && pwd):/opt/ml" "$1" train
