#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Builds the node for Xtensa with register windows and crashes it in QEMU; its own handler sends all RAM:
#   ./build.sh            writes elf/node.elf and memory/node.ram
# Wants clang-22 and llvm-22 (apt.llvm.org), binutils-xtensa-lx106, of which only the linker is used, and qemu-system-misc.
# LLVM's assembler needs help in two places: literals begin aligned, and it has no names for registers in CFI.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$here/elf" "$here/memory"
cd "$here/source"
for name in node sample; do
    clang-22 --target=xtensa-none-elf -O1 -g -Wall -Wextra -ffreestanding "-ffile-prefix-map=$PWD=xtensa" \
        -S -emit-llvm "$name.c" -o "$work/$name.ll"
    llc-22 -mtriple=xtensa-none-elf -mcpu=esp32 "$work/$name.ll" -o "$work/$name.s"
    sed -i -e 's/^\t\.literal_position/\t.p2align 2\n\t.literal_position/' \
        -e 's/\.cfi_def_cfa a\([0-9]*\)/.cfi_def_cfa \1/' "$work/$name.s"
    llvm-mc-22 -triple=xtensa-none-elf -mcpu=esp32 -filetype=obj "$work/$name.s" -o "$work/$name.o"
done
llvm-mc-22 -triple=xtensa-none-elf -mcpu=esp32 -filetype=obj start.S -o "$work/start.o"
xtensa-lx106-elf-ld --build-id -T link.ld -o "$here/elf/node.elf" "$work/start.o" "$work/node.o" "$work/sample.o"
timeout 20 qemu-system-xtensa -M sim -cpu de212 -semihosting -display none -serial none -monitor none \
    -kernel "$here/elf/node.elf" > "$here/memory/node.ram"
