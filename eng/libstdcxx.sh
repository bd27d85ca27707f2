# shellcheck shell=bash
# Sourced by the other scripts, with $root set to the checkout.
#
# TorchSharp's native library asks libstdc++ for std::ios_base_library_init@GLIBCXX_3.4.32, which came with GCC 13.2.
# Debian 12 and Ubuntu 22.04 have the libstdc++ of GCC 12, which offers everything else. The symbol is only a marker (the
# older library initialises its streams by itself), so there a small library of the same name goes in front: it defines
# the marker and loads the real one. It has to be on LD_LIBRARY_PATH before the process starts, because `dotnet` itself
# loads libstdc++ long before TorchSharp does. Nothing outside the checkout is touched.

# The file that `dotnet` will load, symbolic links resolved; nothing if it cannot be told.
libstdcxx_file() {
    local file
    file=$(ldd "$(readlink -f "$(command -v dotnet)")" 2>/dev/null |
        awk '$1 == "libstdc++.so.6" && sub(/^[^>]*> /, "") { sub(/ \(0x[0-9a-f]+\)$/, ""); print; exit }') || true
    if [ ! -f "$file" ]; then
        file=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null |
            awk -v arch="$(uname -m | sed 's/aarch64/AArch64/; s/x86_64/x86-64/')" \
                '$1 == "libstdc++.so.6" && index($0, arch) { sub(/^.*=> /, ""); print; exit }') || true
    fi
    [ -f "$file" ] && readlink -f "$file"
}

# libstdcxx_build REAL FOLDER
libstdcxx_build() {
    local real=$1 folder=$2 versions

    # A library records what it needs by the soname it was linked against. Ours must need the real one by its path: by
    # its name the loader would find ours again. Hence an empty stub whose soname is that path.
    gcc -shared -nostdlib -Wl,-soname,"$real" -o "$folder/stub.so" -x c /dev/null || return

    # The loader asks the library of this name for each version it needs, but searches the symbols everywhere.
    versions=$(LC_ALL=C readelf --version-info --wide "$real") || return
    printf '%s\n' "$versions" | awk '
        /^Version / { definitions = /^Version definition/ }
        definitions && / Name: / && !/Flags: BASE/ { sub(/^.* Name: /, ""); print $1 " { };"; known[$1] = 1 }
        END {
            if (!known["GLIBCXX_3.4.31"]) print "GLIBCXX_3.4.31 { };"
            print "GLIBCXX_3.4.32 { global: _ZSt21ios_base_library_initv; };"
        }' > "$folder/versions" || return

    printf 'void _ZSt21ios_base_library_initv(void) { }\n' |
        gcc -shared -nostdlib -Wl,-soname,libstdc++.so.6 -Wl,--version-script,"$folder/versions" \
            -o "$folder/libstdc++.so.6" -x c - -x none -Wl,--no-as-needed "$folder/stub.so"
}

libstdcxx_use() {
    local real missing='' tool key folder parts messages
    : "${root:?}"
    [ "$(uname -s)" = Linux ] || return 0
    real=$(libstdcxx_file) || return 0
    if grep -qaF GLIBCXX_3.4.32 "$real"; then return 0; fi

    if ! grep -qaF GLIBCXX_3.4.30 "$real"; then
        echo "TorchSharp needs the libstdc++ of GCC 12 or later (Debian 12, Ubuntu 22.04, Fedora 36); this system's is older: $real" >&2
        return 1
    fi
    key=$({ stat -c '%n %i %s %Y' "$real"; cat "$root/eng/libstdcxx.sh"; } | cksum | cut -d ' ' -f 1)
    folder=$root/artifacts/libstdcxx/$key
    if [ ! -f "$folder/libstdc++.so.6" ]; then
        for tool in gcc readelf; do
            command -v "$tool" >/dev/null || missing="$missing${missing:+ and }$tool"
        done
        if [ -n "$missing" ]; then
            echo "This system's libstdc++ lacks a symbol that TorchSharp needs, and adding it takes $missing, not found on PATH; 'apt-get install gcc' or 'dnf install gcc' brings both gcc and readelf." >&2
            return 1
        fi
        mkdir -p "$root/artifacts/libstdcxx" || return
        parts=$(mktemp -d "$root/artifacts/libstdcxx/building.XXXXXX") || return
        if ! messages=$(libstdcxx_build "$real" "$parts" 2>&1); then
            rm -rf "$parts"
            printf 'Adding a symbol to %s failed:\n%s\n' "$real" "$messages" >&2
            return 1
        fi
        # Renaming a folder is atomic, and fails if another run was first: then its result serves as well.
        mv -T "$parts" "$folder" 2>/dev/null || rm -rf "$parts"
    fi
    export LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

libstdcxx_use
