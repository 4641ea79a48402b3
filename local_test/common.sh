# shellcheck shell=bash disable=SC2034 # the variables are for the scripts that read this
# What the scripts of this folder share; read by them, not run.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# A podman or another client can stand in: DOCKER=podman local_test/train_local.sh ...
docker=${DOCKER:-docker}
test_dir=${TEST_DIR:-$here/test_dir}

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

need_engine() {
    command -v "$docker" >/dev/null || fail "there is no $docker command: install Docker, or set DOCKER"
    "$docker" info >/dev/null 2>&1 || fail "$docker cannot reach its engine: is the Docker service running?"
}

need_image() {
    need_engine
    "$docker" image inspect "$1" >/dev/null 2>&1 ||
        fail "there is no image $1 here: build it with 'make image' or 'docker build --tag $1 .'"
}
