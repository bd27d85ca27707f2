#!/usr/bin/env bash
# Runs `etcd` with the arguments given; without any says which one that is. Where none is on PATH, that of the Debian package is unpacked into
# artifacts/ (eng/debian.sh). Where it cannot be had, one line says why, and the exit code is 77.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=eng/debian.sh
. "$root/eng/debian.sh"

etcd=$(command -v etcd || true)
if [ -z "$etcd" ]; then
    folder=$(debian_unpack etcd-server 'No etcd is on PATH') || exit 77
    etcd=$folder/usr/bin/etcd
fi
# Version 3.4 wants to hear that it is meant to run here.
if [ "$(uname -m)" = aarch64 ]; then export ETCD_UNSUPPORTED_ARCH=arm64; fi
if [ $# = 0 ]; then
    echo "$etcd: $("$etcd" --version | head -n 1)"
    exit
fi
exec "$etcd" "$@"
