#!/usr/bin/env bash
# Make sure that programs are there: as root on Debian install what is missing, else say it.
#
#   tools/system_packages.sh nginx docker ...
#
# Missing programs do not end the run: what needs them is skipped, and says so.

set -euo pipefail

# program -> Debian package, and the command that shows it is there
declare -A packages=([nginx]=nginx-light [docker]=docker.io [docker-compose]=docker-compose [registry]=docker-registry [htpasswd]=apache2-utils
    [debootstrap]=debootstrap [curl]=curl [shellcheck]=shellcheck [gcc]="gcc libc6-dev"
    [postgres]="postgresql" [wrk]=wrk [chromium]="chromium fonts-dejavu-core"
    [aarch64-linux-gnu-gcc]="gcc-aarch64-linux-gnu libc6-dev-arm64-cross")
declare -A commands=([docker]=dockerd [registry]=docker-registry [postgres]=pg_ctlcluster)

export PATH=$PATH:/usr/sbin:/sbin
missing=()
for program in "$@"; do
    command -v "${commands[$program]:-$program}" >/dev/null || missing+=("${packages[$program]}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    apt-get update -qq
    # Tests and the demo start their own servers: none is to be started by its package.
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d.new
    chmod +x /usr/sbin/policy-rc.d.new
    [ -e /usr/sbin/policy-rc.d ] || { mv /usr/sbin/policy-rc.d.new /usr/sbin/policy-rc.d; added=1; }
    rm -f /usr/sbin/policy-rc.d.new
    trap '[ -z "${added:-}" ] || rm -f /usr/sbin/policy-rc.d' EXIT
    # shellcheck disable=SC2086,SC2048 # one entry may name two packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${missing[*]} >/dev/null
else
    echo "missing, so what needs it is skipped: ${missing[*]} (Debian's names)" >&2
fi
