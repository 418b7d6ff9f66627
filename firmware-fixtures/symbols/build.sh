#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Rebuilds the ELF files of the symbol tests and what other tools say about them. The tests read only what is committed.
# Wants: gcc-arm-none-eabi, gcc, clang, lld, llvm, binutils of Debian 12.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$here/elf
expected=$here/expected
cd "$here/sources"
mkdir -p "$out" "$expected"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shared="-ffreestanding -ffunction-sections -fdata-sections -fno-exceptions -ffile-prefix-map=$here=/fixture"

# name start-file flash-address compiler-flags
arm() {
    name=$1 start=$2 flash=$3
    shift 3
    flags="-mcpu=cortex-m3 -mthumb -fno-asynchronous-unwind-tables $shared $*"
    arm-none-eabi-gcc $flags -c ring.c -o "$work/ring.o"
    arm-none-eabi-g++ $flags -c names.cpp -o "$work/names.o"
    arm-none-eabi-as -o "$work/start.o" "$start"
    sed "s/ORIGIN_OF_FLASH/$flash/" flash.ld > "$work/flash.ld"
    arm-none-eabi-ld --gc-sections --build-id -T "$work/flash.ld" -o "$out/$name.elf" \
        "$work/start.o" "$work/ring.o" "$work/names.o"
}

# name linker compiler... : a program of the host kind, without a library
host() {
    name=$1 linker=$2 c=$3 cpp=$4
    shift 4
    for source in ring start-host; do
        $c $shared -fno-stack-protector "$@" -c $source.c -o "$work/$source.o"
    done
    $cpp $shared -fno-stack-protector "$@" -c names.cpp -o "$work/names.o"
    $linker --gc-sections --build-id=sha1 -o "$out/$name.elf" "$work/start-host.o" "$work/ring.o" "$work/names.o"
}

arm flash-dwarf4-os start-arm.s 0x08000000 -Os -gdwarf-4
arm flash-dwarf5-o2 start-arm.s 0x08000000 -O2 -gdwarf-5
arm vectors-at-zero start-arm.s 0x0 -O2 -gdwarf-5
arm code-at-zero-dwarf4 start-zero.s 0x0 -O2 -gdwarf-4
arm code-at-zero-dwarf5 start-zero.s 0x0 -Os -gdwarf-5
# the same objects elsewhere: what the two above must say, moved
arm code-at-flash-dwarf4 start-zero.s 0x08000000 -O2 -gdwarf-4
arm code-at-flash-dwarf5 start-zero.s 0x08000000 -Os -gdwarf-5
arm no-debug-info start-arm.s 0x08000000 -Os
host x86-64-gcc ld gcc g++ -O2 -gdwarf-5
host aarch64-clang ld.lld "clang --target=aarch64-linux-gnu" "clang++ -std=c++17 --target=aarch64-linux-gnu" -O2 -gdwarf-5
host aarch64-clang-dwarf4 ld.lld "clang --target=aarch64-linux-gnu" "clang++ -std=c++17 --target=aarch64-linux-gnu" -O2 -gdwarf-4
host ppc32be-clang ld.lld "clang --target=powerpc-linux-gnu" "clang++ -std=c++17 --target=powerpc-linux-gnu" -O2 -gdwarf-4
objcopy --compress-debug-sections=zlib "$out/x86-64-gcc.elf" "$out/x86-64-gcc-zlib.elf"
objcopy --compress-debug-sections=zlib-gnu "$out/x86-64-gcc.elf" "$out/x86-64-gcc-zdebug.elf"
llvm-objcopy --strip-all "$out/x86-64-gcc.elf" "$out/x86-64-gcc-stripped.elf"
if objcopy --compress-debug-sections=zstd "$out/x86-64-gcc.elf" "$work/zstd.elf" 2>/dev/null; then
    cp "$work/zstd.elf" "$out/x86-64-gcc-zstd.elf"
fi

# every second address of the code: at most some thousand
addresses() {
    readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p' | awk '$2 == "PROGBITS" && $7 ~ /X/ { print $3, $5 }' |
        while read -r start size; do
            from=$(printf '%d' "0x$start")
            to=$((from + $(printf '%d' "0x$size")))
            while [ "$from" -lt "$to" ]; do
                printf '0x%x\n' "$from"
                from=$((from + 2))
            done
        done
}

for elf in "$out"/*.elf; do
    name=$(basename "$elf" .elf)
    case $name in
    # copies of another file; and where no other tool is right: llvm and GNU name discarded functions at address 0
    *-zlib | *-zdebug | *-zstd | *-stripped | code-at-zero-* | vectors-at-zero) continue ;;
    esac
    addresses "$elf" > "$work/addresses"
    llvm-symbolizer --no-demangle --functions=linkage --inlines --output-style=LLVM -e "$elf" < "$work/addresses" |
        paste -d '\n' - | awk 'BEGIN { RS = ""; FS = "\n" } { for (i = 1; i < NF; i += 2) printf "%s %s%s", $i, $(i + 1), (i + 2 < NF ? " < " : "\n") }' \
        > "$work/frames"
    paste -d ' ' "$work/addresses" "$work/frames" > "$expected/$name.llvm"
    readelf --debug-dump=frames-interp "$elf" > "$expected/$name.frames" 2>/dev/null
done
