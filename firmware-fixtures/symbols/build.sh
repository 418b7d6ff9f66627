#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Rebuilds the ELF files of the symbol tests and what other tools say about them. The tests read only what is committed.
#   ./build.sh            exit 1 and say what differs, if anything does
#   ./build.sh --update   write the results into the working tree
# Installs what it needs on Debian 12; another version of a compiler gives other bytes. What each file is for: README.md.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/sources
export LC_ALL=C

update=no
case "${1:-}" in
"") ;;
--update) update=yes ;;
*)
    echo "usage: build.sh [--update]" >&2
    exit 2
    ;;
esac

require_tools() {
    for tool in arm-none-eabi-gcc aarch64-linux-gnu-gcc riscv64-unknown-elf-gcc powerpc-linux-gnu-gcc mips-linux-gnu-gcc \
        g++ clang-14 ld.lld-14 llvm-dwp-14 llvm-symbolizer dwz dwp xz python3; do
        command -v "$tool" > /dev/null && continue
        echo "installing compilers"
        as_root=$([ "$(id -u)" = 0 ] || echo sudo)
        $as_root apt-get update
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            gcc-arm-none-eabi gcc-aarch64-linux-gnu g++-aarch64-linux-gnu gcc-riscv64-unknown-elf gcc-powerpc-linux-gnu \
            gcc-mips-linux-gnu g++ clang-14 lld-14 llvm-14 llvm dwz binutils xz-utils python3
        break
    done
}

require_tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/elf" "$work/expected" "$work/hostile" "$work/objects"
out=$work/elf
cd "$sources"

free="-ffreestanding -ffunction-sections -fdata-sections -fno-exceptions -ffile-prefix-map=$here=/fixture"
arm="arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb -fno-asynchronous-unwind-tables"
arm_clang="clang-14 --target=thumbv7m-none-eabi -fno-asynchronous-unwind-tables"
rv32="riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32"
rv64="riscv64-unknown-elf-gcc -march=rv64imac -mabi=lp64"
flash="arm-none-eabi-ld -T $work/flash.ld"
zero="arm-none-eabi-ld -T $work/zero.ld"
sed "s/ORIGIN_OF_FLASH/0x08000000/" flash.ld > "$work/flash.ld"
sed "s/ORIGIN_OF_FLASH/0x0/" flash.ld > "$work/zero.ld"

# compiler of C++ for a compiler of C, and the same flags
cpp() {
    echo "$1" | sed 's/^\([^ ]*\)gcc/\1g++/; s/^clang\(-[0-9]*\)/clang++\1 -std=c++17/'
}

# the file of a source's name, C before C++
source_file() {
    if [ -e "$1.c" ]; then echo "$1.c"; else echo "$1.cpp"; fi
}

# compile OBJECT SOURCE COMPILER FLAG…
compile() {
    into=$1 source=$2 compiler=$3
    shift 3
    guard=-fno-stack-protector
    case $compiler in arm-*) guard= ;; esac
    if [ -e "$source.cpp" ]; then
        $(cpp "$compiler") $free $guard "$@" ${cpp_flags:-} -c "$source.cpp" -o "$into"
    elif [ -e "$source.c" ]; then
        $compiler $free $guard "$@" -c "$source.c" -o "$into"
    else
        # without -g unless told: what a symbol table alone can say
        case $compiler in
        clang*) $compiler -c "$source.s" -o "$into" ;;
        *) ${compiler%%gcc*}as --debug-prefix-map "$here=/fixture" $(printf '%s\n' "$@" | sed -n 's/^-Wa,//p' | tr , ' ') -o "$into" "$source.s" ;;
        esac
    fi
}

# program NAME COMPILER LINKER SOURCES FLAG…: every function in its own section, so that a linker can throw it away
program() {
    name=$1 compiler=$2 linker=$3 list=$4
    shift 4
    rm -f "$work"/objects/*
    objects=
    for source in $list; do
        object=$work/objects/$source.o
        case $source in start-arm | start-zero) object=$work/objects/start.o ;; esac
        compile "$object" "$source" "$compiler" "$@"
        objects="$objects $object"
    done
    $linker --gc-sections --build-id=sha1 -o "$out/$name.elf" $objects
}

# whole NAME COMPILER SOURCES FLAG…: compiled and linked in one, for link-time optimisation
whole() {
    name=$1 compiler=$2 list=$3
    shift 3
    files=
    for source in $list; do
        files="$files $(source_file $source)"
    done
    (cd "$work/objects" && for file in $files; do
        case $file in
        *.cpp) $(cpp "$compiler") $free -ffile-prefix-map="$work=/fixture" -fno-stack-protector "$@" -c "$sources/$file" -o "$file.o" ;;
        *) $compiler $free -ffile-prefix-map="$work=/fixture" -fno-stack-protector "$@" -c "$sources/$file" -o "$file.o" ;;
        esac
    done && $compiler $free -ffile-prefix-map="$work=/fixture" "$@" -nostdlib -static -Wl,--build-id=sha1 -Wl,--gc-sections -o "$out/$name.elf" \
        $(for file in $files; do echo "$file.o"; done))
    rm -f "$work"/objects/*
}

# split NAME COMPILER LINKER FLAG…: functions and names in NAME-SOURCE.dwo beside the ELF file
split() {
    name=$1 compiler=$2 linker=$3
    shift 3
    (cd "$out" && for source in ring names start-host; do
        file=$(source_file "$sources/$source")
        case $file in *.cpp) driver=$(cpp "$compiler") ;; *) driver=$compiler ;; esac
        $driver $free -fno-stack-protector -fdebug-prefix-map="$out=." -gsplit-dwarf "$@" \
            -c "$file" -o "$name-$source.o"
    done && $linker --gc-sections --build-id=sha1 -o "$name.elf" "$name-start-host.o" "$name-ring.o" "$name-names.o" &&
        rm "$name"-*.o)
}

# packed NAME DWP FROM: the .dwo files of FROM in one file NAME.elf.dwp
packed() {
    cp "$out/$3.elf" "$out/$1.elf"
    (cd "$out" && $2 -e "$1.elf" -o "$1.elf.dwp")
}

rust() {
    name=$1
    shift
    rustc --edition 2021 --crate-type bin --target x86_64-unknown-linux-gnu -C panic=abort -C relocation-model=static -g "$@" \
        --remap-path-prefix "$sources=/fixture/sources" --crate-name steps -C metadata=fixture \
        -C link-arg=-nostartfiles -C link-arg=-nostdlib -C link-arg=-static -C link-arg=-Wl,--build-id=sha1 \
        -C link-arg=-Wl,--gc-sections -o "$out/$name.elf" steps.rs
}

# --- the matrix -------------------------------------------------------------------------------------------------------
plain="start-host ring names"

# Cortex-M3 in flash and at address 0; the same objects at both places
program flash-dwarf4-os "$arm" "$flash" "start-arm ring names" -Os -gdwarf-4
program flash-dwarf5-o2 "$arm" "$flash" "start-arm ring names" -O2 -gdwarf-5
program vectors-at-zero "$arm" "$zero" "start-arm ring names" -O2 -gdwarf-5
program code-at-zero-dwarf4 "$arm" "$zero" "start-zero ring names" -O2 -gdwarf-4
program code-at-zero-dwarf5 "$arm" "$zero" "start-zero ring names" -Os -gdwarf-5
program code-at-flash-dwarf4 "$arm" "$flash" "start-zero ring names" -O2 -gdwarf-4
program code-at-flash-dwarf5 "$arm" "$flash" "start-zero ring names" -Os -gdwarf-5
program no-debug-info "$arm" "$flash" "start-arm ring names" -Os
program thumb-assembly "$arm" "$flash" "thumb ring names" -O2 -gdwarf-5 "-Wa,-gdwarf-5,--debug-prefix-map,$here=/fixture"
program thumb-clang "$arm_clang" "ld.lld-14 -n -T $work/flash.ld" "start-zero ring names" -O2 -gdwarf-5
program boot-and-app "$arm" "arm-none-eabi-ld -T boot-and-app.ld" "boot ring names" -O2 -gdwarf-5

# architectures
program x86-64-gcc gcc ld "$plain" -O2 -gdwarf-5
program x86-64-clang clang-14 ld.lld-14 "$plain" -O2 -gdwarf-5
program i386-gcc "gcc -m32" "ld -m elf_i386" "$plain" -O2 -gdwarf-5 -fno-pic
program aarch64-gcc aarch64-linux-gnu-gcc "aarch64-linux-gnu-ld -z max-page-size=4096" "$plain" -O2 -gdwarf-5
program aarch64-clang "clang-14 --target=aarch64-linux-gnu" ld.lld-14 "$plain" -O2 -gdwarf-5
program aarch64-clang-dwarf4 "clang-14 --target=aarch64-linux-gnu" ld.lld-14 "$plain" -O2 -gdwarf-4
program riscv64-gcc "$rv64" riscv64-unknown-elf-ld "$plain" -O2 -gdwarf-5
program riscv32-gcc "$rv32" "riscv64-unknown-elf-ld -m elf32lriscv" "$plain" -O2 -gdwarf-5
program riscv32-at-zero "$rv32" "riscv64-unknown-elf-ld -m elf32lriscv --no-relax -Ttext=0" "$plain" -O2 -gdwarf-5
program riscv32-at-flash "$rv32" "riscv64-unknown-elf-ld -m elf32lriscv --no-relax -Ttext=0x42000000" "$plain" -O2 -gdwarf-5
program ppc32be-gcc powerpc-linux-gnu-gcc powerpc-linux-gnu-ld "start-host ring step" -O2 -gdwarf-5 -fno-pic
program ppc32be-clang "clang-14 --target=powerpc-linux-gnu" ld.lld-14 "$plain" -O2 -gdwarf-4
program mips32be-gcc "mips-linux-gnu-gcc -mno-abicalls -fno-pic" "mips-linux-gnu-ld -e _start" "start-host ring step" -O2 -gdwarf-5

# versions and shapes of DWARF
program x86-64-gcc-dwarf2 gcc ld "$plain" -O2 -gdwarf-2 -gstrict-dwarf
program x86-64-gcc-dwarf3 gcc ld "$plain" -O2 -gdwarf-3 -gstrict-dwarf
program x86-64-gcc-dwarf4 gcc ld "$plain" -O2 -gdwarf-4
program x86-64-gcc-64bit gcc ld "$plain" -O2 -gdwarf-5 -gdwarf64
program x86-64-clang-64bit clang-14 ld.lld-14 "$plain" -O2 -gdwarf-4 -gdwarf64
program x86-64-gcc-types4 gcc ld "start-host unit-one unit-two unit-three names" -O2 -gdwarf-4 -fdebug-types-section
program x86-64-gcc-types5 gcc ld "start-host unit-one unit-two unit-three names" -O2 -gdwarf-5 -fdebug-types-section
program x86-64-gcc-no-columns gcc ld "$plain" -O2 -gdwarf-5 -gno-column-info
program x86-64-emit-relocs gcc "ld --emit-relocs" "$plain" -O2 -gdwarf-5
program mixed-versions gcc ld "start-host ring step" -O2 -gdwarf-3 # names.cpp joins below, with DWARF 5
compile "$work/objects/names.o" names gcc -O2 -gdwarf-5
ld --gc-sections --build-id=sha1 -o "$out/mixed-versions.elf" "$work/objects/start-host.o" "$work/objects/ring.o" \
    "$work/objects/names.o"

# optimisation
for level in 0 1 3 g; do
    program "x86-64-gcc-o$level" gcc ld "$plain" "-O$level" -gdwarf-5
    program "x86-64-clang-o$level" clang-14 ld.lld-14 "$plain" "-O$level" -gdwarf-5
done
program deep-inlines-gcc gcc ld "start-host deep" -O2 -gdwarf-5
program deep-inlines-clang clang-14 ld.lld-14 "start-host deep" -O2 -gdwarf-5
program clones "$arm" "$flash" "start-zero clones" -O2 -gdwarf-5 -fno-ipa-icf
program clones-x86-64 gcc ld "start-host clones" -O3 -gdwarf-4
cpp_flags=-fno-rtti program aliases gcc ld "start-host ring aliases" -O1 -gdwarf-5
whole lto-gcc-dwarf4 gcc "$plain" -O2 -gdwarf-4 -flto -flto-partition=one -frandom-seed=fixture -ffunction-sections
whole lto-gcc-dwarf5 gcc "start-host unit-one unit-two unit-three names" -O2 -gdwarf-5 -flto -flto-partition=1to1 -frandom-seed=fixture
whole lto-clang "clang-14 -fuse-ld=lld-14" "$plain" -O2 -gdwarf-5 -flto=full
whole thinlto-clang "clang-14 -fuse-ld=lld-14" "start-host unit-one unit-two unit-three names" -O2 -gdwarf-5 -flto=thin

# what linkers do: folding, tombstones
program folded-lld clang-14 "ld.lld-14 --icf=all" "start-host folded" -O2 -gdwarf-5
program folded-gold gcc "ld.gold --icf=all" "start-host folded" -O2 -gdwarf-4 -fno-ipa-icf
program unfolded-lld clang-14 ld.lld-14 "start-host folded" -O2 -gdwarf-5
program unfolded-gold gcc ld.gold "start-host folded" -O2 -gdwarf-4 -fno-ipa-icf
program tombstones-gold gcc ld.gold "$plain" -O2 -gdwarf-4
program tombstones-lld clang-14 ld.lld-14 "$plain" -O2 -gdwarf-4
program tombstones-lld-highest clang-14 "ld.lld-14 -z dead-reloc-in-nonalloc=.debug_*=0xffffffffffffffff \
    -z dead-reloc-in-nonalloc=.debug_ranges=0xfffffffffffffffe" "$plain" -O2 -gdwarf-4
program tombstones-lld-32bit "$arm_clang" "ld.lld-14 -n -T $work/flash.ld -z dead-reloc-in-nonalloc=.debug_*=0xffffffff" \
    "start-zero ring names" -O2 -gdwarf-5
program rows gcc ld rows
program rows-orderly gcc ld rows -Wa,--defsym,ORDERLY=1

# Rust: only where rustc is 1.95.0, which made what is committed
if rustc --version 2> /dev/null | grep -q '^rustc 1\.95\.0'; then
    rust rust-v0 -C opt-level=2 -C symbol-mangling-version=v0
    rust rust-legacy -C opt-level=1
    rust rust-debug -C opt-level=0 -C debug-assertions=off -C overflow-checks=off
else
    cp "$here"/elf/rust-*.elf "$out/"
fi

# debugging information in other files
split split-gcc-dwarf4 gcc ld -O2 -gdwarf-4
split split-gcc-dwarf5 gcc ld -O2 -gdwarf-5
split split-clang-dwarf5 "clang-14" ld.lld-14 -O2 -gdwarf-5
packed packed-gcc-dwarf4 dwp split-gcc-dwarf4
packed packed-clang-dwarf5 llvm-dwp-14 split-clang-dwarf5
program before-dwz gcc ld "start-host unit-one unit-two unit-three names" -O2 -gdwarf-5
program before-dwz-dwarf4 gcc ld "start-host unit-one unit-two unit-three names" -O2 -gdwarf-4
for name in dwz dwz-dwarf4; do
    cp "$out/before-$name.elf" "$out/$name.elf"
    cp "$out/before-$name.elf" "$out/$name-alternate.elf"
done
program dwz-alternate-b gcc ld "start-host unit-one unit-two unit-three step" -O2 -gdwarf-5
program dwz-dwarf4-b gcc ld "start-host unit-one unit-two unit-three step" -O1 -gdwarf-4
(
    cd "$out"
    dwz dwz.elf
    dwz dwz-dwarf4.elf
    dwz -m dwz-alternate.common -M dwz-alternate.common dwz-alternate.elf dwz-alternate-b.elf
    dwz -m dwz-dwarf4-alternate.common -M dwz-dwarf4-alternate.common dwz-dwarf4-alternate.elf dwz-dwarf4-b.elf
    rm dwz-alternate-b.elf dwz-dwarf4-b.elf

    # sections packed, debugging information in a file of its own, names in .gnu_debugdata
    objcopy --compress-debug-sections=zlib x86-64-gcc.elf x86-64-gcc-zlib.elf
    objcopy --compress-debug-sections=zlib-gnu x86-64-gcc.elf x86-64-gcc-zdebug.elf
    objcopy --compress-debug-sections=zstd x86-64-gcc.elf x86-64-gcc-zstd.elf
    llvm-objcopy-14 --strip-all x86-64-gcc.elf x86-64-gcc-stripped.elf
    objcopy --only-keep-debug aarch64-gcc.elf separate.debug
    objcopy --strip-all --add-gnu-debuglink=separate.debug aarch64-gcc.elf separate.elf
    nm -P x86-64-gcc.elf | awk '$2 ~ /^[tT]$/ { print $1 }' > "$work/functions"
    objcopy --strip-debug --keep-symbols="$work/functions" x86-64-gcc.elf "$work/mini"
    objcopy --only-keep-debug "$work/mini" "$work/mini.debug"
    xz --check=crc64 "$work/mini.debug"
    objcopy --strip-debug x86-64-gcc.elf names-only.elf
    objcopy --strip-all --add-section .gnu_debugdata="$work/mini.debug.xz" x86-64-gcc.elf mini-debug-info.elf
)

# an object that nobody has linked, and the same linked
for source in kernel-module ring names; do
    compile "$work/objects/$source.o" $source gcc -fno-function-sections -O2 -gdwarf-5 -mcmodel=kernel -fno-pic
done
ld -r --build-id=sha1 -o "$out/module.ko" "$work/objects/kernel-module.o" "$work/objects/ring.o" "$work/objects/names.o"
ld -e module_begin -Ttext=0x10000 --build-id=sha1 -o "$out/module-linked.elf" "$out/module.ko"

# --- files that mean harm ---------------------------------------------------------------------------------------------
number=0
for name in origins-in-a-circle numbers-without-end only-ends entries-in-entries form-follows-form longer-than-the-file \
    reserved-length origin-outside more-ranges-than-bytes; do
    number=$((number + 1))
    as --defsym VARIANT=$number -o "$work/objects/hostile.o" hostile.s
    ld -Ttext=0x1000 -o "$work/hostile/$name.elf" "$work/objects/hostile.o"
done
python3 - "$work/hostile/origins-in-a-circle.elf" "$work/hostile" <<'PYTHON'
import struct, sys, zlib

def section(elf, name):
    at, size, count, names = *struct.unpack_from("<Q", elf, 0x28), *struct.unpack_from("<HHH", elf, 0x3a)
    strings = struct.unpack_from("<Q", elf, at + names * size + 0x18)[0]
    for header in range(at, at + count * size, size):
        start = strings + struct.unpack_from("<I", elf, header)[0]
        if elf[start:elf.index(b"\0", start)].decode() == name:
            return header

source = open(sys.argv[1], "rb").read()
# .debug_info of 32 MiB out of 32 KiB, and one that says 64 GiB
for name, size in (("bomb.elf", 32 << 20), ("bomb-that-lies.elf", 64 << 30)):
    elf = bytearray(source)
    header = section(elf, ".debug_info")
    packed = struct.pack("<IIQQ", 1, 0, size, 1) + zlib.compress(bytes(32 << 20), 9)
    struct.pack_into("<Q", elf, header + 8, 0x800)
    struct.pack_into("<QQ", elf, header + 0x18, len(elf), len(packed))
    open(sys.argv[2] + "/" + name, "wb").write(elf + packed)
# two sections of code at one address
elf = bytearray(source)
header = section(elf, ".debug_abbrev")
struct.pack_into("<QQ", elf, header + 8, 6, 0x1000)
struct.pack_into("<Q", elf, header + 0x20, 0x40)
open(sys.argv[2] + "/overlapping-sections.elf", "wb").write(elf)
PYTHON

# --- what readelf and llvm-symbolizer say -----------------------------------------------------------------------------
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

for name in flash-dwarf4-os flash-dwarf5-o2 code-at-flash-dwarf4 code-at-flash-dwarf5 no-debug-info x86-64-gcc aarch64-clang \
    aarch64-clang-dwarf4 ppc32be-clang; do
    elf=$out/$name.elf
    addresses "$elf" > "$work/addresses"
    llvm-symbolizer --no-demangle --functions=linkage --inlines --output-style=LLVM -e "$elf" < "$work/addresses" |
        paste -d '\n' - | awk 'BEGIN { RS = ""; FS = "\n" } { for (i = 1; i < NF; i += 2) printf "%s %s%s", $i, $(i + 1), (i + 2 < NF ? " < " : "\n") }' \
        > "$work/frames"
    paste -d ' ' "$work/addresses" "$work/frames" > "$work/expected/$name.llvm"
    readelf --debug-dump=frames-interp "$elf" > "$work/expected/$name.frames" 2> /dev/null
done
chmod 644 "$out"/* "$work"/hostile/*

# files of other scripts in the same directories stay
different=no
for part in elf expected hostile; do
    for file in "$work/$part"/*; do
        cmp -s "$file" "$here/$part/$(basename "$file")" && continue
        if [ $update = yes ]; then
            mkdir -p "$here/$part"
            cp "$file" "$here/$part/"
        else
            echo "differs: $part/$(basename "$file")"
            different=yes
        fi
    done
done
[ $different = no ]
