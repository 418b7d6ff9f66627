#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# Rebuilds the firmware of every log, crashes it in QEMU, and compares with what is committed.
#   ./build.sh            exit 1 and say what differs
#   ./build.sh --update   write the results into the working tree
set -eu
logs=$(cd "$(dirname "$0")" && pwd)
here=$(dirname "$logs")
. "$here/tools/firmware.sh"
require_tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/elf" "$work/coredumps"

# name, log, hardware, further options
build() {
    case "$3" in
    m3) cpu="-mcpu=cortex-m3 -mfloat-abi=soft" revision=rev-a ;;
    m4f) cpu="-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16" revision=rev-b ;;
    esac
    # shellcheck disable=SC2086
    (cd "$logs/source" && arm-none-eabi-gcc $cpu -mthumb -std=gnu11 -O2 $4 -Wall -Wextra -Werror -Wno-parentheses -fno-strict-aliasing \
        -ffunction-sections -fdata-sections "-ffile-prefix-map=$logs/source=logs" "-ffile-prefix-map=$here/=" \
        "-DKERNEL_NAME=\"$2\"" "-DHARDWARE_REVISION=\"$3\"" \
        "-I$here/device-library" "-I$here/firmware" "-I$here/kernels/source" -nostartfiles -nostdlib -Wl,--build-id=sha1 -Wl,--gc-sections \
        -Wl,-z,max-page-size=256 -T link.ld \
        "$2.c" main.c "$here/kernels/source/board.c" "$here/kernels/source/board_cortex_m.c" "$here/firmware/semihost.c" \
        "$here"/device-library/faultline_core.c "$here"/device-library/faultline_cortex_m.c \
        -lc -lnosys -lgcc -o "$work/elf/$1.elf" 2> "$work/log") || { cat "$work/log" >&2; exit 1; }
    mkdir "$work/run"
    cd "$work/run"
    status=0
    timeout 60 $(qemu_command $revision "$work/elf/$1.elf" "") < /dev/null || status=$?
    [ $status = 1 ] || { echo "$1: QEMU ended with $status" >&2; exit 1; }
    mv dump.core "$work/coredumps/$1.core"
    [ ! -e dictionary.log ] || mv dictionary.log "$work/coredumps/$1.dictionary.log"
    cd "$logs"
    rm -r "$work/run"
}

build chunk-m3 chunk m3 "-g -DCOUNTED"
build chunk-m4f chunk m4f "-g -fno-short-enums -DUNCOUNTED -DCONSOLE_BYTES=512"
build chunk-m3-notypes chunk m3 "-g1 -DCOUNTED"
build zephyr-m3 zephyr m3 "-g"
build zephyr-m4f zephyr m4f "-g -gdwarf-3 -gstrict-dwarf -DOLD -DCOUNTED"
# the coredump of the chunk protocol with the logger and its ring in blocks of their own, and nothing else of the memory
python3 "$logs/blocks.py" "$work/coredumps/chunk-m3.core" "$work/elf/chunk-m3.elf" "$work/coredumps/chunk-m3.chunk"

if [ "${1:-}" = --update ]; then
    for part in elf coredumps; do
        rm -rf "${logs:?}/$part"
        cp -r "$work/$part" "$logs/$part"
    done
    exit 0
fi
different=0
for part in elf coredumps; do
    diff -rq "$logs/$part" "$work/$part" || different=1
done
[ $different = 0 ] && echo "all as committed"
exit $different
