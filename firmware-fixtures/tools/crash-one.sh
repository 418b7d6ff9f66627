#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
# crash-one.sh ELF-NAME HARDWARE SITUATION: one run; the dump goes to $work/coredumps, a line about the outcome to stdout.
set -eu
. "$here/tools/firmware.sh"
run=$(mktemp -d "$work/run.XXXXXX")
cd "$run" # the path of the dump is in the firmware's RAM and so in the dump: keep it short and the same
status=0
timeout 60 $(qemu_command "$2" "$work/elf/$1.elf" ",arg=device=SN-0001,arg=situation=$3,arg=dump=dump.core") < /dev/null || status=$?
case $status in
0) outcome="ran on" ;;
1)
    outcome=crashed
    mv dump.core "$work/coredumps/$1-$3.core"
    ;;
*)
    echo "$1 $3: QEMU ended with $status" >&2
    exit 255 # xargs stops
    ;;
esac
printf '%s\t%s\t%s\n' "$1" "$3" "$outcome"
rm -rf "$run"
