#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Crashes the demo fleet anew, from the ELF files in ../elf, and compares with what is committed.
#   ./fleet.sh            exit 1 if anything differs
#   ./fleet.sh --update   write fleet.json and dumps/
set -eu
demo=$(cd "$(dirname "$0")" && pwd)
here=$(dirname "$demo")
. "$here/tools/firmware.sh"
require_tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$demo/fleet.py" "$work"
case "${1:-}" in
--update)
    rm -rf "$demo/dumps"
    cp -r "$work/dumps" "$work/fleet.json" "$demo/"
    echo "updated: $(ls "$demo/dumps" | wc -l) dumps"
    ;;
"")
    # Unpacked: other versions of zlib pack the same bytes differently.
    gunzip -r "$work/dumps"
    mkdir "$work/committed"
    cp -r "$demo/dumps" "$demo/fleet.json" "$work/committed/"
    gunzip -r "$work/committed/dumps"
    diff -rq "$work/committed/dumps" "$work/dumps" && diff "$work/committed/fleet.json" "$work/fleet.json"
    echo "all as committed"
    ;;
*)
    echo "usage: fleet.sh [--update]" >&2
    exit 2
    ;;
esac
