#!/usr/bin/env bash
# Runs `mpirun` of Open MPI with the arguments given; without any says which one that is. Where none is on PATH, that of the Debian package
# is unpacked into artifacts/ (eng/debian.sh). Ranks are processes of this machine alone: more than it has processors, if asked, without ssh,
# and they speak through shared memory. Where it cannot be had, one line says why, and the exit code is 77.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=eng/debian.sh
. "$root/eng/debian.sh"

mpirun=$(command -v mpirun || true)
if [ -z "$mpirun" ] || ! "$mpirun" --version 2>/dev/null | grep -qF 'Open MPI'; then
    folder=$(debian_unpack openmpi-bin 'No mpirun of Open MPI is on PATH') || exit 77
    mpirun=$folder/usr/bin/orterun
    libraries=$(dirname "$(find "$folder/usr/lib" -name libmpi.so.40)")
    # It was built to lie in /usr.
    export OPAL_PREFIX=$folder/usr PMIX_INSTALL_PREFIX=$libraries/pmix2
    export LD_LIBRARY_PATH="$libraries:$folder/lib/${libraries##*/}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    # The libraries of cards that nobody has here.
    export OMPI_MCA_mca_base_component_show_load_errors=0 PMIX_MCA_pcompress_base_silence_warning=1
fi

export OMPI_MCA_plm=isolated OMPI_MCA_oob_tcp_if_include=lo
# Shared memory of two copies: one copy takes a right to read another process's memory that containers do not give.
export OMPI_MCA_pml=ob1 OMPI_MCA_btl=self,vader OMPI_MCA_btl_vader_single_copy_mechanism=none
export OMPI_MCA_hwloc_base_binding_policy=none
# Ranks write to a terminal of mpirun's, which is none: no sequences of control are wanted.
export TERM=dumb

if [ $# = 0 ]; then
    echo "$mpirun: $("$mpirun" --version | head -n 1)"
    exit
fi
settings=(--oversubscribe)
if [ "$(id -u)" = 0 ]; then settings+=(--allow-run-as-root); fi
exec "$mpirun" "${settings[@]}" "$@"
