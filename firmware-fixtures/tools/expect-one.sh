#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# expect-one.sh ELF-NAME HARDWARE: gdb's stacks of all dumps of one ELF file, into $work/expected.
set -eu
. "$here/tools/firmware.sh"
out=$(mktemp -d "$work/expect.XXXXXX")
FW_ELF=$work/elf/$1.elf FW_CORES=$work/coredumps FW_OUT=$out FW_SITUATIONS=$SITUATIONS \
    FW_QEMU=$(qemu_command "$2" "$work/elf/$1.elf" ",arg=device=SN-0001,arg=situation=SITUATION,arg=dump=$out/live.core") \
    gdb-multiarch -nx -batch -x "$here/tools/expected.py" > "$out/log" 2>&1 < /dev/null || {
    cat "$out/log" >&2
    exit 255
}
mv "$out"/*.t* "$work/expected/"
rm -rf "$out"
