#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# expect-one.sh ELF-NAME HARDWARE SITUATION…: gdb's stacks of all dumps of one ELF file, into $work/expected.
set -eu
. "$here/tools/firmware.sh"
name=$1
hardware=$2
shift 2
out=$(mktemp -d "$work/expect.XXXXXX")
cd "$out" # not where gdb would find sources of another release
FW_ELF=$work/elf/$name.elf FW_CORES=$work/coredumps FW_OUT=$out FW_SITUATIONS=$* \
    FW_QEMU=$(qemu_command "$hardware" "$work/elf/$name.elf" ",arg=device=SN-0001,arg=situation=SITUATION,arg=dump=$out/live.core") \
    gdb-multiarch -nx -batch -x "$here/tools/expected.py" > "$out/log" 2>&1 < /dev/null || {
    cat "$out/log" >&2
    exit 255
}
mv "$out"/*.t* "$work/expected/"
rm -rf "$out"
