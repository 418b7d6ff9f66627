#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Builds the programs of sources/ for this machine (x86-64, Linux), runs each under gdb until its trap and keeps the core:
# elf/ and cores/. Wants of Debian 12: gcc, g++, binutils, clang-14, lld-14, gdb; enums.rs is rebuilt where rustc is 1.95.0. Build ids say
# whether a build is the committed one; a core never is, as the kernel puts what it likes on the stack.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=/tmp/fixture # a core has the path in it
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT
common="-ffreestanding -fno-stack-protector -fno-pic -no-pie -static -nostdlib -fasynchronous-unwind-tables"
common="$common -Wl,--build-id=sha1 -Wl,-z,noseparate-code -ffile-prefix-map=$here/sources=/fixture/sources"

cd "$here/sources"
mkdir -p "$here/elf" "$here/cores"
c() {
    name=$1
    compiler=$2
    shift 2
    # shellcheck disable=SC2086
    $compiler "$@" $common -o "$work/$name.elf" "$here/sources/types.c"
}
# units in a file beside it, which gdb finds from where it is started
split() {
    # shellcheck disable=SC2086
    (cd "$work" && gcc -O2 -gsplit-dwarf "$2" $common "-fdebug-prefix-map=$work=/fixture" -o "$1.elf" "$here/sources/types.c")
}
cxx() {
    name=$1
    compiler=$2
    shift 2
    # shellcheck disable=SC2086
    $compiler "$@" $common -fno-exceptions -fno-rtti -o "$work/$name.elf" "$here/sources/classes.cpp"
}
c types-gcc-o0 gcc -gdwarf-5 -O0
c types-gcc-o2 gcc -gdwarf-5 -O2
c types-gcc-dwarf2 gcc -gdwarf-2 -gstrict-dwarf -O0
c types-gcc-dwarf4-o2 gcc -gdwarf-4 -O2
c types-gcc-types gcc -gdwarf-5 -O1 -fdebug-types-section
split types-gcc-split-o2 -gdwarf-5
split types-gcc-split4-o2 -gdwarf-4
dwp "$work/types-gcc-split4-o2.elf-types.dwo" -o "$work/types-gcc-split4-o2.elf.dwp" # gdb 13 ends itself over one of DWARF 5
rm "$work"/types-gcc-split4-o2.elf-types.dwo
c types-clang-o0 clang-14 -gdwarf-5 -O0
c types-clang-o2 clang-14 -gdwarf-5 -O2
cxx classes-gcc-o0 g++ -gdwarf-5 -O0
cxx classes-gcc-o2 g++ -gdwarf-5 -O2
cxx classes-clang-o1 clang++-14 -gdwarf-5 -O1
if rustc --version 2> /dev/null | grep -q '^rustc 1\.95\.0'; then
    for level in 0 1; do
        rustc --edition 2021 --crate-type bin --target x86_64-unknown-linux-gnu -C panic=abort -C relocation-model=static -g \
            -C opt-level=$level -C debug-assertions=off --remap-path-prefix "$here/sources=/fixture/sources" --crate-name enums \
            -C metadata=fixture -C link-arg=-nostartfiles -C link-arg=-nostdlib -C link-arg=-static \
            -C link-arg=-Wl,--build-id=sha1 -C link-arg=-Wl,--gc-sections -C link-arg=-Wl,-z,noseparate-code \
            -o "$work/enums-rust-o$level.elf" "$here/sources/enums.rs"
    done
else
    cp "$here"/elf/enums-rust-*.elf "$work/"
fi

cd "$work"
for elf in *.elf; do
    name=${elf%.elf}
    if [ -e "$here/elf/$elf" ] && [ -e "$here/cores/$name.core.gz" ] && cmp -s "$elf" "$here/elf/$elf"; then
        continue
    fi
    env -i gdb -nx -batch -ex "set startup-with-shell off" -ex run -ex "generate-core-file $name.core" "$work/$elf" > log 2>&1 < /dev/null
    grep -q SIGILL log || {
        cat log >&2
        exit 1
    }
    gzip -9 -n "$name.core"
    mv "$name.core.gz" "$here/cores/"
    cp "$elf"* "$here/elf/"
    echo "new: $name"
done
