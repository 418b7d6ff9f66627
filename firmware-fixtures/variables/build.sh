#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Builds the programs of sources/ for this machine (x86-64, Linux), runs each under gdb until its trap and keeps the core:
# elf/ and cores/. floats.c is built for other processors too and runs in QEMU, whose stub gdb (RISC-V: linux/core.py) takes the core from. Wants of
# Debian 12: gcc, g++, binutils, clang-14, lld-14, gdb, gdb-multiarch, qemu-user, python3 and gcc-{i686,arm,aarch64,riscv64}-linux-gnu (arm: -gnueabihf);
# enums.rs is rebuilt where rustc is 1.95.0. Build ids say whether a build is the committed one; a core never is, as the kernel puts what it
# likes on the stack.
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
# what outlives a call in registers that the ABI keeps, not in such as this callee happens to leave alone
floats() {
    name=floats-$1
    compiler=$2
    shift 2
    # shellcheck disable=SC2086
    $compiler -gdwarf-5 -O2 -fno-ipa-ra -Wall -Wextra $common "$@" -o "$work/$name.elf" "$here/sources/floats.c"
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
floats x86-64 gcc
floats i386 i686-linux-gnu-gcc
floats i386-sse i686-linux-gnu-gcc -msse2 -mfpmath=sse
floats arm arm-linux-gnueabihf-gcc -fno-unwind-tables -fno-asynchronous-unwind-tables # nothing but .debug_frame
floats aarch64 aarch64-linux-gnu-gcc
floats riscv64 riscv64-linux-gnu-gcc -Wl,--no-relax # nobody sets gp
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

dump_natively() {
    env -i gdb -nx -batch -ex "set startup-with-shell off" -ex run -ex "generate-core-file $1.core" "$work/$1.elf" > log 2>&1 < /dev/null
}
# QEMU with its options, program
dump_in_qemu() {
    # shellcheck disable=SC2086
    timeout 60 $1 -g "$work/stub" "$work/$2.elf" > qemu.log 2>&1 &
    timeout 60 gdb-multiarch -nx -batch -ex "set osabi GNU/Linux" -ex "target remote $work/stub" -ex continue \
        -ex "generate-core-file $2.core" -ex kill "$work/$2.elf" > log 2>&1 < /dev/null
    wait
}
cd "$work"
for elf in *.elf; do
    name=${elf%.elf}
    if [ -e "$here/elf/$elf" ] && [ -e "$here/cores/$name.core.gz" ] && cmp -s "$elf" "$here/elf/$elf"; then
        continue
    fi
    case $name in
    floats-arm) dump_in_qemu qemu-arm "$name" ;;
    floats-aarch64) dump_in_qemu "qemu-aarch64 -cpu cortex-a57" "$name" ;; # without SVE, of which gdb 13 would write another note
    floats-riscv64) timeout 60 python3 "$here/../linux/core.py" --floats "$name.core" qemu-riscv64 "./$elf" && echo SIGILL > log ;;
    *) dump_natively "$name" ;;
    esac
    grep -q SIGILL log || {
        cat log >&2
        exit 1
    }
    gzip -9 -n "$name.core"
    mv "$name.core.gz" "$here/cores/"
    cp "$elf"* "$here/elf/"
    echo "new: $name"
done
