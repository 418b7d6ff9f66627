#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Rebuilds the ELF files of the unwinding tests and what other tools say about their exception tables. The tests read
# only what is committed. Wants: gcc-arm-none-eabi, clang, lld, llvm, binutils of Debian 12.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$here/elf
expected=$here/expected
cd "$here/sources"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shared="-mthumb -ffreestanding -ffunction-sections -fdata-sections -ffile-prefix-map=$here=/fixture"

# name flags...: C++ with exceptions, with its call frame information
exceptions() {
    name=$1
    shift
    arm-none-eabi-g++ $shared -g -fexceptions -funwind-tables "$@" -c exceptions.cpp -o "$work/exceptions.o"
    arm-none-eabi-as -o "$work/unwind.o" unwind.s
    arm-none-eabi-ld --build-id --no-merge-exidx-entries -T exceptions.ld -o "$out/$name.elf" \
        "$work/unwind.o" "$work/exceptions.o"
    readelf -u "$out/$name.elf" > "$expected/$name.exidx" 2>/dev/null
    llvm-readelf -u "$out/$name.elf" > "$expected/$name.exidx-llvm"
}

exceptions exceptions-m7-os -mcpu=cortex-m7 -mfpu=fpv5-d16 -mfloat-abi=hard -Os
exceptions exceptions-m7-o0 -mcpu=cortex-m7 -mfpu=fpv5-d16 -mfloat-abi=hard -O0
exceptions exceptions-m7-o2 -mcpu=cortex-m7 -mfpu=fpv5-d16 -mfloat-abi=hard -O2 -fno-omit-frame-pointer

# the same by other tools
clang="--target=arm-none-eabi -mcpu=cortex-m7 -mfloat-abi=hard"
clang++ $clang $shared -g -fexceptions -funwind-tables -Os -c exceptions.cpp -o "$work/exceptions.o"
clang $clang -c unwind.s -o "$work/unwind.o"
ld.lld --nmagic --build-id -T exceptions.ld -o "$out/exceptions-clang.elf" "$work/unwind.o" "$work/exceptions.o"
readelf -u "$out/exceptions-clang.elf" > "$expected/exceptions-clang.exidx" 2>/dev/null
llvm-readelf -u "$out/exceptions-clang.elf" > "$expected/exceptions-clang.exidx-llvm"

# the same code as it is flashed: exception tables and symbols, nothing else
arm-none-eabi-objcopy --strip-debug "$out/exceptions-m7-os.elf" "$out/exceptions-m7-os-nodebug.elf"
