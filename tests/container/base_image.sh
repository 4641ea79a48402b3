#!/usr/bin/env bash
# Have the base image at hand: as it is, pulled, or, where no registry can be reached, built from
# Debian's packages. A stand-in trusts the certificates that this machine trusts.
#
#   tests/container/base_image.sh DOCKER [IMAGE]

set -euo pipefail

docker=$1
image=${2:-debian:trixie-slim}
suite=${image#*:}
suite=${suite%-slim}

"$docker" image inspect "$image" >/dev/null 2>&1 && exit 0
timeout 60 "$docker" pull --quiet "$image" >/dev/null 2>&1 && exit 0

[ "$(id -u)" = 0 ] || { echo "$image cannot be pulled, and only root can build a stand-in" >&2; exit 1; }
export PATH=$PATH:/usr/sbin:/sbin
command -v debootstrap >/dev/null || { echo "$image cannot be pulled, and debootstrap is missing" >&2; exit 1; }
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$root.log" 2>&1 ||
    { tail -n 5 "$root.log" >&2; exit 1; }
rm -f "$root.log"
cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
chroot "$root" update-ca-certificates >/dev/null 2>&1
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}
tar --create --directory "$root" . | "$docker" import - "$image" >/dev/null
