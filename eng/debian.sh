# shellcheck shell=bash
# Sourced by scripts that need a program which the system may lack, with $root set to the checkout.
#
# Debian and what is made of it have the program as a package. Here it is unpacked, with those of its dependencies that the system lacks, into a
# folder of artifacts/: by the system's own apt and its own sources, without installing anything, without being root, and without a word or file
# of the system being changed. Where its package lists are missing or old, new ones go into artifacts/ as well.

# debian_unpack PACKAGE LACK: prints the folder; else one line on the error stream, what lacks and why the package does not help.
debian_unpack() {
    local package=$1 lack=$2 tool key folder parts reason
    : "${root:?}"
    for tool in apt-get apt-config dpkg-deb; do
        command -v "$tool" >/dev/null || { echo "$lack, and no package $package can be unpacked, for there is no $tool on PATH" >&2; return 1; }
    done
    key=$({ stat -c '%s %Y' /var/lib/dpkg/status; cat /etc/os-release "$root/eng/debian.sh"; } 2>/dev/null | cksum | cut -d ' ' -f 1)
    folder=$root/artifacts/debian/$package-$key
    if [ ! -d "$folder" ]; then
        mkdir -p "$root/artifacts/debian" && parts=$(mktemp -d "$root/artifacts/debian/unpacking.XXXXXX") || return
        if ! reason=$(debian_fill "$package" "$parts" 2>&1 >/dev/null); then
            rm -rf "$parts"
            echo "$lack, and the package $package could not be unpacked: $(printf '%s\n' "$reason" | grep '^E:' | uniq | head -n 3 | paste -sd ' ' || true)" >&2
            return 1
        fi
        # Renaming a folder is atomic, and fails if another run was first: then its result serves as well.
        mv -T "$parts/files" "$folder" 2>/dev/null || true
        rm -rf "$parts"
    fi
    echo "$folder"
}

# debian_fill PACKAGE FOLDER: the files of the packages, into FOLDER/files.
debian_fill() {
    local package=$1 folder=$2
    # All settings of the system but its hooks, which would run on an update and may delete what it keeps.
    {
        apt-config dump | grep -vE '::(Pre|Post)-Invoke' || true
        cat <<SETTINGS
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "/dev/null";
Dir::Cache "$folder/cache";
Dir::Log "$folder/log";
Debug::NoLocking "true";
APT::Sandbox::User "$(id -un)";
Acquire::Retries "1";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
SETTINGS
    } > "$folder/apt.conf" || return
    export APT_CONFIG="$folder/apt.conf" DEBIAN_FRONTEND=noninteractive LC_ALL=C
    mkdir -p "$folder/debs" "$folder/cache/archives/partial" "$folder/log" "$folder/lists/partial" || return

    if ! debian_download "$package" "$folder/debs"; then
        echo "Dir::State::Lists \"$folder/lists\";" >> "$folder/apt.conf"
        timeout 180 apt-get -qq update || return
        debian_download "$package" "$folder/debs" || return
    fi
    mkdir "$folder/files" || return
    local deb
    for deb in "$folder"/debs/*.deb; do dpkg-deb -x "$deb" "$folder/files" || return; done
}

# debian_download PACKAGE FOLDER: the package and what it needs, as far as it is not installed. Under `set -o pipefail`.
debian_download() {
    local plan
    plan=$(apt-get -s --no-install-recommends install "$1" |
        sed -nE 's/^Inst ([^ ]+) (\[[^]]*\] )?\(([^ ]+) .*/\1=\3/p') || return
    if [ -z "$plan" ]; then plan=$1; fi # It is installed: what it brings is still wanted here.
    # shellcheck disable=SC2086
    (cd "$2" && timeout 300 apt-get -qq download $plan)
}
