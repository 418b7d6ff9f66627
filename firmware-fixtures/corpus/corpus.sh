#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Builds the tracker in every release by every compiler and crashes it some thousand times in QEMU, about ten minutes on two cores.
#   ./corpus.sh DIRECTORY   writes elf/, names/ (the same without debug information) and dumps/ there
# The dumps become the committed reports.jsonl.xz by the test class dev.faultline.fingerprint.CorpusPacking:
#   CorpusPacking DIRECTORY/dumps DIRECTORY/elf DIRECTORY/names firmware-fixtures/corpus/reports.jsonl.xz
set -eu
[ $# = 1 ] || {
    echo "usage: corpus.sh DIRECTORY" >&2
    exit 2
}
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/corpus/tools.sh"
require_corpus_tools
mkdir -p "$1/elf" "$1/names"
out=$(cd "$1" && pwd)
corpus_builds | while read -r release compiler optimisation; do
    build_corpus "$release" "$compiler" "$optimisation" "$out/elf"
done
for elf in "$out"/elf/*.elf; do
    arm-none-eabi-objcopy --strip-debug "$elf" "$out/names/$(basename "$elf")"
done
python3 "$here/corpus/corpus.py" "$out/elf" "$out/dumps"
