#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# Rebuilds the firmware for RV32 and RV64, crashes it in QEMU, asks gdb for the stacks of all threads, and compares with what is committed.
#   ./build.sh            exit 1 and say what differs
#   ./build.sh --update   write the results into the working tree
# Debian 12: gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc gdb-multiarch
set -eu
riscv=$(cd "$(dirname "$0")" && pwd)
here=$(dirname "$riscv")
. "$here/tools/firmware.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/elf" "$work/coredumps" "$work/expected"

# name, bits, options. Assembly goes through objects of its own: the linker keeps their names, and those of the compiler's are random
build() {
    compiler="riscv64-unknown-elf-gcc $3 -misa-spec=2.2 -mcmodel=medany --specs=picolibc.specs"
    # shellcheck disable=SC2086
    (cd "$riscv/source" && for part in start blocks; do
        $compiler -g "-ffile-prefix-map=$riscv/source=riscv" "-Wa,--debug-prefix-map,$riscv/source=riscv" -c $part.S -o "$work/$part.o"
    done
    $compiler -std=gnu11 -g -Wall -Wextra -Werror \
        -ffunction-sections -fdata-sections "-ffile-prefix-map=$riscv/source=riscv" "-ffile-prefix-map=$here/=" "-DHARDWARE_REVISION=\"rv$2\"" \
        "-I$here/device-library" "-I$here/firmware" -nostartfiles \
        -Wl,--build-id=sha1 -Wl,--gc-sections -Wl,-z,max-page-size=256 -T "$riscv/source/link.ld" \
        "$work/start.o" "$work/blocks.o" *.c "$here/firmware/semihost.c" "$here/firmware/assert.c" \
        "$here/device-library/faultline_core.c" "$here/device-library/faultline_riscv.c" "$here/device-library/faultline_log.c" \
        -o "$work/elf/$1.elf")
}

# name, bits: once in each situation
crash() {
    for situation in $TANK_SITUATIONS; do
        mkdir "$work/run"
        cd "$work/run"
        status=0
        timeout 10 $(qemu_command "rv$2" "$work/elf/$1.elf" ",arg=situation=$situation") < /dev/null || status=$?
        [ $status = 1 ] || { echo "$1 $situation: QEMU ended with $status" >&2; exit 1; }
        mv dump.core "$work/coredumps/$1-$situation.core"
        cd "$riscv"
        rm -r "$work/run"
        LINUX_ELF=$work/elf/$1.elf LINUX_CORE=$work/coredumps/$1-$situation.core LINUX_OUT=$work/expected/$1-$situation.tsv \
            timeout 60 gdb-multiarch -nx -batch -x "$here/linux/expected.py" > "$work/log" 2>&1 < /dev/null || { cat "$work/log" >&2; exit 1; }
    done
}

# RV32 as a microcontroller has it, small (prologues out of a library) and fast; RV64 likewise. In 2.2 of the ISA I has the CSRs, so that GCC finds its libraries.
build tank-rv32-Os 32 "-march=rv32imac -mabi=ilp32 -Os -msave-restore"
build tank-rv32-O2 32 "-march=rv32imac -mabi=ilp32 -O2"
build tank-rv64-Os 64 "-march=rv64imac -mabi=lp64 -Os"
build tank-rv64-O2 64 "-march=rv64imac -mabi=lp64 -O2"
for build in tank-rv32-Os tank-rv32-O2; do
    crash $build 32
done
for build in tank-rv64-Os tank-rv64-O2; do
    crash $build 64
done

if [ "${1:-}" = --update ]; then
    for part in elf coredumps expected; do
        mkdir -p "$riscv/$part"
        find "$riscv/$part" -type f ! -name '*.report.txt' -delete
        cp "$work/$part"/* "$riscv/$part/"
    done
    exit 0
fi
different=0
for part in elf coredumps expected; do
    diff -rq -x '*.report.txt' "$riscv/$part" "$work/$part" || different=1
done
[ $different = 0 ] && echo "all as committed"
exit $different
