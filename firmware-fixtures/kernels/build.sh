#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# Rebuilds the firmware of every kernel, crashes it in QEMU, asks gdb for the stacks of all threads, and compares with what is committed.
#   ./build.sh            exit 1 and say what differs
#   ./build.sh --update   write the results into the working tree
set -eu
kernels=$(cd "$(dirname "$0")" && pwd)
here=$(dirname "$kernels")
. "$here/tools/firmware.sh"
require_tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/elf" "$work/coredumps" "$work/expected"

# name, kernel, hardware, further options, further sources. The end of a list is a short item, as documented: GCC warns of that
build() {
    case "$3" in
    m3) compiler="arm-none-eabi-gcc -mcpu=cortex-m3 -mfloat-abi=soft -mthumb" ;;
    m4f) compiler="arm-none-eabi-gcc -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16 -mthumb" ;;
    rv32) compiler="riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 -misa-spec=2.2 -mcmodel=medany --specs=picolibc.specs" ;;
    esac
    case "$3" in
    rv32)
        processor="-T $here/riscv/source/link.ld $work/start.o $work/switch.o $here/device-library/faultline_riscv.c"
        # objects with names: the linker keeps them, and those of the compiler's are random
        for part in start:start_riscv switch:$2_riscv; do
            (cd "$kernels/source" && $compiler -g "-ffile-prefix-map=$kernels/source=kernels" "-Wa,--debug-prefix-map,$kernels/source=kernels" \
                -c ${part#*:}.S -o "$work/${part%%:*}.o")
        done
        ;;
    *) processor="-T $here/firmware/link.ld board_cortex_m.c $here/device-library/faultline_cortex_m.c" ;;
    esac
    # shellcheck disable=SC2086
    (cd "$kernels/source" && $compiler -std=gnu11 -O2 $4 -Wall -Wextra -Werror -Wno-array-bounds -fno-strict-aliasing \
        -ffunction-sections -fdata-sections -fno-optimize-sibling-calls \
        "-ffile-prefix-map=$kernels/source=kernels" "-ffile-prefix-map=$here/=" "-DKERNEL_NAME=\"$2\"" "-DHARDWARE_REVISION=\"$3\"" \
        "-I$here/device-library" "-I$here/firmware" -nostartfiles -nostdlib -Wl,--build-id=sha1 -Wl,--gc-sections \
        -Wl,-z,max-page-size=256 $processor \
        "$2.c" tasks.c board.c ${5:-} "$here/firmware/semihost.c" "$here"/device-library/faultline_core.c -lc -lgcc -o "$work/elf/$1.elf")
}

# ELF name, hardware, situations
crash() {
    for situation in $3; do
        mkdir "$work/run"
        cd "$work/run"
        status=0
        case "$2" in
        m3) qemu=$(qemu_command rev-a "$work/elf/$1.elf" ",arg=situation=$situation") ;;
        m4f) qemu=$(qemu_command rev-b "$work/elf/$1.elf" ",arg=situation=$situation") ;;
        rv32) qemu=$(qemu_command rv32 "$work/elf/$1.elf" ",arg=situation=$situation") ;;
        esac
        timeout 60 $qemu < /dev/null || status=$?
        [ $status = 1 ] || { echo "$1 $situation: QEMU ended with $status" >&2; exit 1; }
        mv dump.core "$work/coredumps/$1-$situation.core"
        cd "$kernels"
        rm -r "$work/run"
        KN_ELF=$work/elf/$4.elf KN_CORE=$work/coredumps/$1-$situation.core KN_OUT=$work/expected/$1-$situation.tsv \
            gdb-multiarch -nx -batch -x "$kernels/expected.py" > "$work/log" 2>&1 < /dev/null || { cat "$work/log" >&2; exit 1; }
    done
}

for hardware in m3 m4f rv32; do
    for kernel in freertos zephyr threadx; do
        build $kernel-$hardware $kernel $hardware -g
        crash $kernel-$hardware $hardware "null assert" $kernel-$hardware
    done
done
crash freertos-m4f m4f overflow freertos-m4f
# a dump of 64 KiB, for the benchmark
build freertos-m4f-large freertos m4f "-g -Wl,--defsym=ram_bytes=0x20000 -Wl,--undefined=history" history.c
crash freertos-m4f-large m4f null freertos-m4f-large
# without types (-g1): by the documented constants; gdb gets the twin with types, whose code is the same
for kernel in freertos threadx; do
    build $kernel-m3-notypes $kernel m3 -g1
    crash $kernel-m3-notypes m3 null $kernel-m3
done
build zephyr-m4f-types zephyr m4f "-g -DNO_THREAD_TABLE"
crash zephyr-m4f-types m4f null zephyr-m4f-types

if [ "${1:-}" = --update ]; then
    for part in elf coredumps expected; do
        rm -rf "${kernels:?}/$part"
        cp -r "$work/$part" "$kernels/$part"
    done
    exit 0
fi
different=0
for part in elf coredumps expected; do
    diff -rq "$kernels/$part" "$work/$part" || different=1
done
[ $different = 0 ] && echo "all as committed"
exit $different
