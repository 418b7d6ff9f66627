#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Rebuilds every ELF file, crashes every one of them in QEMU, asks gdb for the stacks, and compares all of it with what is committed.
#   ./build.sh            exit 1 and say what differs, if anything does
#   ./build.sh --update   write the results into the working tree
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tools/firmware.sh"

mode=check
case "${1:-}" in
"") ;;
--update) mode=update ;;
*)
    echo "usage: build.sh [--update]" >&2
    exit 2
    ;;
esac

require_tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/elf" "$work/coredumps" "$work/expected" "$work/hostile"

prepare_sources "$work/src"
echo "building"
firmware_list | while read -r version hardware optimisation extra; do
    build_firmware "$work/src" "$version" "$hardware" "$optimisation" "$extra" "$work/elf"
done

build_minimal "$work/elf"

echo "crashing"
export here work
{
    firmware_list | while read -r version hardware optimisation extra; do
        for situation in $SITUATIONS; do
            echo "$(firmware_name "$version" "$hardware" "$optimisation" "$extra") $hardware $situation"
        done
    done
    for situation in $MINIMAL_SITUATIONS; do
        echo "minimal-m0 m0 $situation"
    done
} | xargs -P 2 -L 1 sh "$here/tools/crash-one.sh" > "$work/outcomes.unsorted"
sort "$work/outcomes.unsorted" > "$work/outcomes.tsv"

echo "asking gdb"
{
    firmware_list | while read -r version hardware optimisation extra; do
        echo "$(firmware_name "$version" "$hardware" "$optimisation" "$extra") $hardware $SITUATIONS"
    done
    echo "minimal-m0 m0 $MINIMAL_SITUATIONS"
} | xargs -P 2 -L 1 sh "$here/tools/expect-one.sh"
{
    printf 'core\t'
    head -n 1 "$(ls "$work"/expected/*.overrides.tsv | head -n 1)"
    for file in "$work"/expected/*.overrides.tsv; do
        tail -n +2 "$file" | sed "s|^|$(basename "$file" .overrides.tsv)\t|"
        rm "$file"
    done
} > "$work/overrides.tsv"
mv "$work/overrides.tsv" "$work/outcomes.tsv" "$work/expected/"

python3 "$here/tools/hostile.py" "$work"
ln -s "$here/riscv" "$work/riscv" # built by its own script
python3 "$here/tools/formats.py" "$work"
cp -r "$here/formats/expected" "$work/formats/expected"

if [ "$mode" = update ]; then
    for part in elf coredumps expected hostile formats; do
        rm -rf "${here:?}/$part"
        cp -r "$work/$part" "$here/$part"
    done
    echo "updated: $(ls "$here/elf" | wc -l) ELF files, $(ls "$here/coredumps" | wc -l) coredumps"
    exit 0
fi
different=0
for part in elf coredumps expected hostile formats; do
    diff -rq "$here/$part" "$work/$part" || different=1
done
[ $different = 0 ] && echo "all as committed"
exit $different
