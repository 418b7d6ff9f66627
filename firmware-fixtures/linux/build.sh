#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Builds the gateway for Linux on five processors, crashes it in every situation and asks gdb for the stacks:
#   ./build.sh [riscv64:riscv64-linux-gnu …]      writes elf/, coredumps/ and expected/*.tsv of these, or of all
# Wants Debian's gcc-arm-linux-gnueabihf, gcc-aarch64-linux-gnu, gcc-riscv64-linux-gnu, gcc-i686-linux-gnu, gcc, qemu-user, gdb-multiarch, python3 and xz-utils, on
# x86-64 with a core_pattern of "core". QEMU dumps no pages of code and names no files: what a trimmed core looks like. For RISC-V it
# writes no core at all; core.py does.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$here/elf" "$here/coredumps" "$here/expected"
ulimit -c unlimited
export SOURCE_DATE_EPOCH=0

crash() {
    # the crash is what is wanted; the shell need not tell of it
    (cd "$work" && timeout 30 "$@" > output 2>&1) || true
    # QEMU's own core lies beside that of the process in it
    mv "$work"/qemu_*.core "$work/dump" 2> "$work/none" || mv "$work"/core* "$work/dump"
    rm -f "$work"/core*
}

[ $# -gt 0 ] || set -- arm:arm-linux-gnueabihf aarch64:aarch64-linux-gnu riscv64:riscv64-linux-gnu x86-64:x86_64-linux-gnu i386:i686-linux-gnu
for target; do
    name=gateway-${target%%:*}
    (cd "$here/source" && "${target#*:}-gcc" -O2 -g -Wall -Wextra -Wno-infinite-recursion -static -pthread \
        -Wl,--build-id "-ffile-prefix-map=$here/source=linux" -o "$here/elf/$name.elf" gateway.c parts.c)
    cp "$here/elf/$name.elf" "$work/gateway"
    for situation in null assert jump handler overflow; do
        case $target in
        x86-64:* | i386:*) crash ./gateway $situation ;;
        riscv64:*) (cd "$work" && timeout 60 python3 "$here/core.py" dump qemu-riscv64 ./gateway $situation) ;;
        *) crash "qemu-${target%%:*}" ./gateway $situation ;;
        esac
        # gdb 13 does not come to an end with a signal frame of QEMU's AArch64
        LINUX_ELF=$here/elf/$name.elf LINUX_CORE=$work/dump LINUX_OUT=$here/expected/$name-$situation.tsv \
            timeout 60 gdb-multiarch -nx -batch -x "$here/expected.py" > "$work/gdb" 2>&1 ||
            echo "$name-$situation: gdb gives up, see $(tail -n 1 "$work/gdb")" >&2
        [ -s "$here/expected/$name-$situation.tsv" ] || rm -f "$here/expected/$name-$situation.tsv"
        xz -9 -c "$work/dump" > "$here/coredumps/$name-$situation.core.xz"
        rm "$work/dump"
    done
done
