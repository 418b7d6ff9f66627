#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Asks gdb for the variables of every committed coredump and compares its answers with what is committed, and ours with gdb's.
#   variables/compare.sh            say what differs; exit 1 if anything does that differences.tsv does not argue
#   variables/compare.sh --update   write gdb's answers into the working tree first
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/tools/firmware.sh"

mode=check
case "${1:-}" in
"") ;;
--update) mode=update ;;
*)
    echo "usage: compare.sh [--update]" >&2
    exit 2
    ;;
esac

if ! command -v gdb-multiarch > /dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends gdb-multiarch > /dev/null
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/expected"

cd "$work" # not where gdb would find sources
for elf in "$here"/elf/*.elf "$here"/riscv/elf/*.elf; do
    FW_ELF=$elf FW_CORES=${elf%/elf/*}/coredumps FW_OUT=$work/expected FW_SITUATIONS="$SITUATIONS $MINIMAL_SITUATIONS $TANK_SITUATIONS" \
        timeout 300 gdb-multiarch -nx -batch -x "$here/variables/ask.py" > "$work/log" 2>&1 < /dev/null || {
        cat "$work/log" >&2
        exit 1
    }
done
for core in "$here"/variables/cores/[!e]*.core.gz; do # gdb 13 cannot read what rustc 1.95 says of enums
    name=$(basename "$core" .core.gz)
    gzip -d < "$core" > "$work/$name.core"
    cp "$here/variables/elf/$name".elf* "$work" # gdb looks for split units where it is started
    FW_ELF=$work/$name.elf FW_CORES=$work FW_OUT=$work/expected FW_PROGRAM=$name \
        timeout 60 gdb-multiarch -nx -batch -x "$here/variables/ask.py" > "$work/log" 2>&1 < /dev/null || {
        cat "$work/log" >&2
        exit 1
    }
done

different=0
if [ "$mode" = update ]; then
    rm -rf "$here/variables/expected"
    cp -r "$work/expected" "$here/variables/expected"
    echo "updated: $(find "$here/variables/expected" -name '*.tsv' | wc -l) coredumps"
else
    diff -r "$here/variables/expected" "$work/expected" || different=1
fi
cd "$here/.."
./mvnw -q test -pl symbol-store -Dtest=GdbVariablesTest -Dsurefire.failIfNoSpecifiedTests=false || different=1
[ $different = 0 ] && echo "all as committed"
exit $different
