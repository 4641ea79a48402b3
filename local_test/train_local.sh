#!/usr/bin/env bash
# Train in the image as SageMaker does: /opt/ml is test_dir, the command is "train".
#
#   local_test/train_local.sh IMAGE
#
# It trains on what lies in test_dir/input/data/training. Where there is nothing, it writes sample
# letters first; HASHED=1 hashes their words then (set tokenizer to whitespace).
# TEST_DIR=FOLDER trains on your own documents, in FOLDER/input/data/training.
# shellcheck source=local_test/common.sh
. "$(dirname "$0")/common.sh"
shopt -s nullglob

# Print the files below folders of test_dir, by their path from there.
files() {
    (cd "$test_dir" && find -L "$@" -type f -not -name '.*' -print 2>/dev/null | sort) || true
}

# Print what may be documents and lies where no channel is.
misplaced() {
    files . -type d \( -path ./input/config -o -path ./model -o -path ./output \
        -o -path ./checkpoints -o -path './input/data/*' \) -prune -o
}

# Letters are the repository's own sample: they never take the place of somebody's documents.
need_documents() {
    local data=$test_dir/input/data found other own=
    [ "$test_dir" -ef "$here/test_dir" ] && own=1
    found=$(files input/data/training input/data/train)
    # Beyond letters of an earlier run.
    [ -z "$found" ] || [ "$own$found" = 1input/data/training/letters.csv ] || return 0
    other=$(misplaced)
    [ -n "$found$other" ] || other=$(files input/data)
    other=${other%%$'\n'*}
    [ -z "$other" ] ||
        fail "there are no documents of yours in $data/training, which is trained on, but there is" \
            "$test_dir/${other#./}: move documents to $data/training, or let TEST_DIR name" \
            "the folder above input/data/training"
    [ -z "$found" ] || return 0
    [ -n "$own" ] ||
        fail "there are no documents in $data/training: put yours there, or write sample letters" \
            "with: python3 $here/letters.py $data"
    echo "there are no documents in $data/training: writing sample letters" >&2
    python3 "$here/letters.py" ${HASHED:+--hashed} "$data"
}

# An earlier run's model must not pass for this one's.
clear_results() {
    local folder left
    for folder in "$test_dir/model" "$test_dir/output"; do
        mkdir -p "$folder"
        left=("$folder/"*)
        [ ${#left[@]} != 0 ] || continue
        echo "clearing $folder: ${left[*]##*/}" >&2
        rm -rf "${left[@]}"
    done
}

[ $# = 1 ] || fail "usage: $0 IMAGE"
need_image "$1"
[ -d "$test_dir" ] || fail "there is no folder $test_dir"
test_dir=$(cd "$test_dir" && pwd)
need_documents
clear_results

# Run as the caller, who then owns the model; on SageMaker it is root.
"$docker" run --rm --user "$(id -u):$(id -g)" --volume "$test_dir:/opt/ml" "$1" train
