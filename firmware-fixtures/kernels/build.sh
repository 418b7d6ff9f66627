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

# name, kernel, hardware, further options. The end of a list is a short item, as documented: GCC warns of that
build() {
    case "$3" in
    m3) cpu="-mcpu=cortex-m3 -mfloat-abi=soft" ;;
    m4f) cpu="-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16" ;;
    esac
    # shellcheck disable=SC2086
    (cd "$kernels/source" && arm-none-eabi-gcc $cpu -mthumb -std=gnu11 -O2 $4 -Wall -Wextra -Werror -Wno-array-bounds -fno-strict-aliasing \
        -ffunction-sections -fdata-sections -fno-optimize-sibling-calls \
        "-ffile-prefix-map=$kernels/source=kernels" "-ffile-prefix-map=$here/=" "-DKERNEL_NAME=\"$2\"" "-DHARDWARE_REVISION=\"$3\"" \
        "-I$here/device-library" "-I$here/firmware" -nostartfiles -nostdlib -Wl,--build-id=sha1 -Wl,--gc-sections \
        -Wl,-z,max-page-size=256 -T "$here/firmware/link.ld" \
        "$2.c" tasks.c board.c "$here/firmware/semihost.c" "$here"/device-library/faultline_core.c "$here"/device-library/faultline_cortex_m.c -lc -lgcc -o "$work/elf/$1.elf")
}

# ELF name, hardware, situations
crash() {
    case "$2" in
    m3) revision=rev-a ;;
    m4f) revision=rev-b ;;
    esac
    for situation in $3; do
        mkdir "$work/run"
        cd "$work/run"
        status=0
        timeout 60 $(qemu_command $revision "$work/elf/$1.elf" ",arg=situation=$situation") < /dev/null || status=$?
        [ $status = 1 ] || { echo "$1 $situation: QEMU ended with $status" >&2; exit 1; }
        mv dump.core "$work/coredumps/$1-$situation.core"
        cd "$kernels"
        rm -r "$work/run"
        KN_ELF=$work/elf/$4.elf KN_CORE=$work/coredumps/$1-$situation.core KN_OUT=$work/expected/$1-$situation.tsv \
            gdb-multiarch -nx -batch -x "$kernels/expected.py" > "$work/log" 2>&1 < /dev/null || { cat "$work/log" >&2; exit 1; }
    done
}

for hardware in m3 m4f; do
    for kernel in freertos zephyr threadx; do
        build $kernel-$hardware $kernel $hardware -g
        crash $kernel-$hardware $hardware "null assert" $kernel-$hardware
    done
done
crash freertos-m4f m4f overflow freertos-m4f
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
