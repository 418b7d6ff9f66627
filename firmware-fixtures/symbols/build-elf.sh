#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Rebuilds the files of the ELF reader's tests: objects of many processors with what a linker makes of them, and images
# that were split, stripped, packed or given odd build ids. The tests read only what is committed.
# Wants of Debian 12: gcc, gcc-arm-none-eabi, gcc-riscv64-unknown-elf, gcc-xtensa-lx106, gcc-{aarch64,riscv64,powerpc,
# powerpc64,mips,i686}-linux-gnu, gcc-arm-linux-gnueabihf, gcc-mips64el-linux-gnuabi64, clang, lld, llvm, elfutils, dwz, xz-utils.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
objects=$here/objects
images=$here/images
cd "$here/sources"
rm -rf "$objects" "$images"
mkdir -p "$objects" "$images"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shared="-g -fno-pic -ffreestanding -fasynchronous-unwind-tables -ffile-prefix-map=$here=/fixture"

# A linker script that puts the sections of an object where the reader does: code, .text first, then the rest of the image.
layout() {
    readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p' |
        awk '$2 != "NULL" && $7 ~ /A/ { print $1, ($7 ~ /X/), $5, $NF }' > "$work/sections"
    next=0
    echo "SECTIONS {"
    { grep '^\.text 1 ' "$work/sections" || true
      awk '$2 == 1 && $1 != ".text"' "$work/sections"
      awk '$2 == 0' "$work/sections"; } | while read -r name _ size alignment; do
        size=$(printf '%d' "0x$size")
        [ "$size" -gt 0 ] || continue
        address=$(((next + alignment - 1) / alignment * alignment))
        next=$((address + size))
        case $name in
        .ARM.exidx*) ;; # the linker appends to them: behind everything, where they have room
        *) echo "$name $address : { *($name) }" ;;
        esac
    done
    echo ".ARM.exidx : { *(.ARM.exidx*) } }"
}

# name tools-prefix linker-flags compiler... : an object, and the same linked to the addresses that the reader gives
object() {
    name=$1 tools=$2 linker_flags=$3
    shift 3
    "$@" $shared -c module.c -o "$objects/$name.o"
    layout "$objects/$name.o" > "$work/layout.ld"
    # a linker sorts mergeable strings: tell it not to, so that its offsets can be compared
    "${tools}objcopy" --set-section-flags .debug_str=debug,readonly --set-section-flags .debug_line_str=debug,readonly \
        "$objects/$name.o" "$work/plain.o"
    "${tools}ld" $linker_flags -n --no-relax --traditional-format --build-id=none --defsym report=0 -e 0 \
        -T "$work/layout.ld" -o "$objects/$name.linked" "$work/plain.o" 2> "$work/warnings" ||
        { cat "$work/warnings"; exit 1; }
}

exidx="--no-merge-exidx-entries --defsym __aeabi_unwind_cpp_pr0=0 --defsym __aeabi_unwind_cpp_pr1=0"
object arm arm-linux-gnueabihf- "$exidx" arm-linux-gnueabihf-gcc -mthumb -O2 -DTHREADS
object arm-be arm-none-eabi- "-EB $exidx" arm-none-eabi-gcc -mbig-endian -mcpu=cortex-r4 -O2
object arm-clang arm-none-eabi- "$exidx" clang --target=armv7m-none-eabi -O2
object aarch64 aarch64-linux-gnu- "" aarch64-linux-gnu-gcc -O2
object aarch64-clang aarch64-linux-gnu- "" clang --target=aarch64-linux-gnu -O2
object riscv64 riscv64-linux-gnu- "" riscv64-linux-gnu-gcc -O1 -DTHREADS
object riscv32 riscv64-unknown-elf- "-melf32lriscv" riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 -O2
object ppc powerpc-linux-gnu- "" powerpc-linux-gnu-gcc -O2 -DTHREADS
object ppc64 powerpc64-linux-gnu- "" powerpc64-linux-gnu-gcc -mabi=elfv2 -O2 -DTHREADS
object mips mips-linux-gnu- "" mips-linux-gnu-gcc -mno-abicalls -O2 -DTHREADS
object mips64el mips64el-linux-gnuabi64- "" mips64el-linux-gnuabi64-gcc -mno-abicalls -O2
object xtensa xtensa-lx106-elf- "" xtensa-lx106-elf-gcc -mtext-section-literals -O2
object x86-64 "" "" gcc -mcmodel=large -O2 -DTHREADS
object i386 i686-linux-gnu- "" i686-linux-gnu-gcc -O2 -DTHREADS
# packed before linking
gcc -gz=zlib $shared -O2 -mcmodel=large -DTHREADS -c module.c -o "$objects/x86-64-zlib.o"
objcopy --compress-debug-sections=zlib-gnu "$objects/x86-64.o" "$objects/x86-64-zdebug.o"
powerpc-linux-gnu-objcopy --compress-debug-sections=zlib "$objects/ppc.o" "$objects/ppc-zlib.o"
powerpc-linux-gnu-objcopy --compress-debug-sections=zlib-gnu "$objects/ppc.o" "$objects/ppc-zdebug.o"
powerpc-linux-gnu-objcopy --compress-debug-sections=zstd "$objects/ppc.o" "$objects/ppc-zstd.o"
powerpc64-linux-gnu-objcopy --compress-debug-sections=zlib "$objects/ppc64.o" "$objects/ppc64-zlib.o"
arm-linux-gnueabihf-objcopy --compress-debug-sections=zstd "$objects/arm.o" "$objects/arm-zstd.o"
# linked, its relocations still there
ld -q --defsym report=0 -e 0x1000 -n -Ttext=0x1000 --build-id=none -o "$images/emit-relocs.elf" "$objects/x86-64.o" 2> /dev/null

# A shared object, and what packagers make of it.
library="-g -O2 -fPIC -shared -nostdlib -fvisibility=hidden -ffile-prefix-map=$here=/fixture"
small="-Wl,-z,noseparate-code -Wl,-z,max-page-size=4096 -Wl,--build-id=sha1"
gcc $library $small -Wl,--hash-style=gnu library.c -o "$images/library.so"
gcc $library $small -Wl,--hash-style=sysv library.c -o "$images/library-sysv.so"
aarch64-linux-gnu-gcc $library $small library.c -o "$images/library-aarch64.so"
arm-linux-gnueabihf-gcc -marm -funwind-tables $library $small library.c -o "$images/library-arm.so"
powerpc-linux-gnu-gcc $library $small library.c -o "$images/library-ppc.so"

# name tools-prefix : <name>.so → <name>.debug and <name>.stripped.so, as objcopy splits it
split() {
    "${2}objcopy" --only-keep-debug "$images/$1.so" "$images/$1.debug"
    (cd "$images" && "${2}objcopy" --strip-all --add-gnu-debuglink="$1.debug" "$1.so" "$1.stripped.so")
}
split library ""
split library-arm arm-linux-gnueabihf-
split library-ppc powerpc-linux-gnu-
# as elfutils splits it: the program headers of the debug file are those of the image
eu-strip -f "$images/library-eu.debug" -o "$images/library-eu.stripped.so" "$images/library.so"
# without section headers
llvm-objcopy --strip-sections "$images/library.so" "$images/library-gnu-hash.sections-stripped.so"
llvm-objcopy --strip-sections "$images/library-sysv.so" "$images/library-sysv-hash.sections-stripped.so"
llvm-objcopy --strip-sections "$images/library-aarch64.so" "$images/library-aarch64.sections-stripped.so"
llvm-objcopy --strip-sections "$images/library-arm.so" "$images/library-arm.sections-stripped.so"
llvm-objcopy --strip-sections "$images/library-ppc.so" "$images/library-ppc.sections-stripped.so"
# moved as a prelinker does: the debug file keeps the addresses of before
gcc $library $small -Wl,--hash-style=gnu -Wl,--build-id=0x70726531 library.c -o "$work/before.so"
objcopy --only-keep-debug "$work/before.so" "$images/library-prelinked.debug"
gcc $library $small -Wl,--hash-style=gnu -Wl,--build-id=0x70726531 -Wl,-Ttext-segment=0x41000000 library.c -o "$work/after.so"
objcopy --strip-all "$work/after.so" "$images/library-prelinked.so"

# MiniDebugInfo, as distributions make it: the functions that .dynsym lacks, packed into the stripped image
nm -D "$images/library.so" --format=posix --defined-only | awk '{ print $1 }' | sort > "$work/dynamic"
nm "$images/library.so" --format=posix --defined-only | awk '$2 ~ /^[TtDd]$/ { print $1 }' | sort > "$work/all"
comm -13 "$work/dynamic" "$work/all" > "$work/kept"
objcopy -S --remove-section .comment --keep-symbols="$work/kept" "$images/library.debug" "$work/mini"
xz -k "$work/mini"
objcopy --strip-all --add-section .gnu_debugdata="$work/mini.xz" "$images/library.so" "$images/library-mini.so"

# What several files have in common, outside both; in DWARF 5 with .debug_sup.
for version in 4 5; do
    for one in first second; do
        gcc $library $small -gdwarf-$version library.c module.c -Wl,--unresolved-symbols=ignore-all \
            -Wl,--build-id=0x"$(printf %s "$one" | od -An -tx1 | tr -d ' \n')" -o "$work/$one.so"
    done
    dwarf5=$([ $version = 4 ] || echo --dwarf-5)
    (cd "$work" && dwz $dwarf5 -m common-$version.debug -M common-$version.debug first.so second.so)
    cp "$work/first.so" "$images/alternate-$version.so"
    cp "$work/common-$version.debug" "$images/common-$version.debug"
done

# Build ids of every kind.
printf 'int main(void) { return 0; }\n' > "$work/empty.c"
gcc -ffreestanding -fno-asynchronous-unwind-tables -c "$work/empty.c" -o "$work/empty.o"
identified() {
    name=$1
    shift
    "$@" -e main -z noseparate-code -z max-page-size=16 -s -o "$images/build-id-$name.elf" "$work/empty.o"
}
identified fast ld.lld --build-id=fast
identified md5 ld --build-id=md5
identified sha1 ld --build-id=sha1
identified hex64 ld --build-id=0x"$(printf '%0128d' 0 | sed 's/0/5a/g' | cut -c1-128)"
identified hex1 ld --build-id=0x7f
identified zeros ld --build-id=0x0000000000000000000000000000000000000000
identified none ld --build-id=none
