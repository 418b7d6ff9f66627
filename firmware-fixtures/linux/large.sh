#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# What the core of a large process costs: seconds and resident memory of `faultline inspect`, plain and as zstd.
#   ./large.sh            wants gcc, zstd, GNU time and a core_pattern of "core"; 1 GB of temporary files
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
gcc -O1 -g -fno-optimize-sibling-calls -static -pthread -Wl,--build-id -o large "$here/source/large.c"
ulimit -c unlimited
./large 2> said || true
mv core* dump
zstd -q -3 dump -o dump.zst
for file in dump dump.zst; do
    for round in 1 2 3; do
        /usr/bin/time -f "$file, $(stat -c %s $file) bytes: %e s, %M KB resident" \
            "$root/faultline" inspect "$file" --elf large > report
    done
done
head -n 1 report
