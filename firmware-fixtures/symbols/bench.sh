#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# What a symbol index costs beside the tools that are installed, as Markdown:
#   ./bench.sh [--workers "1 2"] FILE…
# Wants a quiet machine, python3, and ./mvnw test-compile -pl symbol-store run before. Every figure of ours and of the others
# is from the same run; times are the best of three, of page-cached files.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/.mvn/find-jdk.sh"

workers="1 2"
if [ "${1:-}" = --workers ]; then
    workers=$2
    shift 2
fi
[ $# -gt 0 ] || {
    echo "usage: bench.sh [--workers \"1 2\"] FILE…" >&2
    exit 2
}
files=$(for file in "$@"; do realpath "$file"; done)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root/symbol-store"
[ -d target/test-classes ] || {
    echo "bench.sh: run ./mvnw test-compile -pl symbol-store first" >&2
    exit 2
}
libraries=$(find "${HOME}/.m2/repository" \( -name 'commons-compress-*.jar' -o -name 'zstd-jni-*.jar' -o -name 'xz-1*.jar' \
    -o -name 'caffeine-3*.jar' -o -name 'jspecify-*.jar' \) | sort -r | tr '\n' ':')
classes=target/test-classes:target/classes:$libraries

ours() {
    "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx256m -cp "$classes" \
        dev.faultline.symbols.index.IndexBenchmark "$@"
}

# measure INPUT COMMAND…: seconds of the best of three, peak of resident memory in MB; a dash where the command fails
measure() {
    python3 - "$@" <<'PYTHON'
import resource, subprocess, sys, time

best, peak = None, 0
for _ in range(3):
    start = time.monotonic()
    child = subprocess.Popen(sys.argv[2:], stdin=open(sys.argv[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status, usage = 0, None
    _, status, usage = __import__("os").wait4(child.pid, 0)
    taken = time.monotonic() - start
    if status != 0:
        print("- -")
        sys.exit()
    best = taken if best is None else min(best, taken)
    peak = max(peak, usage.ru_maxrss / 1024)
    if taken > 60:
        break
print("%.2f %.0f" % (best, peak))
PYTHON
}

first() {
    for command in "$@"; do
        command -v "$command" && return
    done
    echo ""
}
llvm=$(first llvm-symbolizer-22 llvm-symbolizer)
gsym=$(first llvm-gsymutil-22 llvm-gsymutil llvm-gsymutil-14)
gnu=$(first addr2line)
elfutils=$(first eu-addr2line)

megabytes() {
    awk "BEGIN { printf \"%.2f\", $1 / 1000000 }"
}

dwarf_bytes() {
    readelf -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] //p' | awk '$1 ~ /^\.z?debug_/ { print $5 }' |
        { sum=0; while read -r size; do sum=$((sum + 0x$size)); done; echo $sum; }
}

echo "Peers: $({ [ -n "$llvm" ] && "$llvm" --version | grep -i version; [ -n "$gnu" ] && "$gnu" --version | head -1
    [ -n "$elfutils" ] && "$elfutils" --version | head -1; } | sed 's/^ *//' | paste -sd ';')"
echo
echo "| file | what | seconds | resident MB | more |"
echo "|---|---|---|---|---|"
: > "$work/linear"
for file in $files; do
    name=$(basename "$file")
    dwarf=$(dwarf_bytes "$file")
    index=$work/$name.idx
    cat "$file" > /dev/null
    for count in $workers; do
        read -r best median <<< "$(ours build-warm "$file" "$index" "$count" || echo - -)"
        echo "| $name | index, warm, $count workers | $best | | median $median; $(megabytes "$dwarf") MB of DWARF |"
        [ "$count" = 1 ] && echo "$name $dwarf $best $(stat -c %s "$index")" >> "$work/linear"
        read -r once heap resident anonymous <<< "$(ours build-once "$file" "$index" "$count" || echo - - - -)"
        read -r process _ <<< "$(measure /dev/null "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx256m \
            -cp "$classes" dev.faultline.symbols.index.IndexBenchmark build-once "$file" "$index" "$count")"
        echo "| $name | index, fresh JVM, $count workers | $process | $resident |" \
            "the build alone $once; heap $heap MB; at the end $anonymous MB are no file |"
    done
    echo "| $name | size of the index | | | $(megabytes "$(stat -c %s "$index")") MB |"
    if [ -n "$gsym" ]; then
        for count in 1 2; do
            read -r seconds resident <<< "$(measure /dev/null "$gsym" --convert "$file" --out-file "$work/$name.gsym" \
                --num-threads "$count")"
            echo "| $name | gsymutil --convert, $count threads | $seconds | $resident |" \
                "$(megabytes "$(stat -c %s "$work/$name.gsym" 2> /dev/null || echo 0)") MB |"
        done
    fi

    read -r open answer opened answered <<< "$(ours open "$index")"
    echo "| $name | open and first answer | | | first $open + $answer µs, again $opened + $answered µs |"
    read -r best median <<< "$(ours lookups "$index" 100000)"
    echo "| $name | lookups, in process | | | $best ns an address, median $median |"
    echo "| $name | 100,000 as text, in process | $(ours text-warm "$index" 100000) | | |"

    ours addresses "$index" 100000 > "$work/many"
    head -n 1000 "$work/many" > "$work/some"
    head -n 1 "$work/many" > "$work/one"
    for count in one some many; do
        number=$(wc -l < "$work/$count")
        read -r seconds resident <<< "$(measure "$work/$count" "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
            -Xmx256m -XX:TieredStopAtLevel=4 -cp "$classes" dev.faultline.symbols.index.IndexBenchmark text "$index")"
        echo "| $name | $number addresses, our index, fresh JVM | $seconds | $resident | |"
        if [ -n "$llvm" ]; then
            read -r seconds resident <<< "$(measure "$work/$count" "$llvm" --inlines --no-demangle -e "$file")"
            echo "| $name | $number addresses, llvm-symbolizer | $seconds | $resident | |"
        fi
        if [ -n "$gnu" ]; then
            read -r seconds resident <<< "$(measure "$work/$count" "$gnu" -a -f -i -e "$file")"
            echo "| $name | $number addresses, GNU addr2line | $seconds | $resident | |"
        fi
        # it walks the unit for every address
        if [ -n "$elfutils" ] && { [ "$count" != many ] || [ "$dwarf" -lt 20000000 ]; }; then
            read -r seconds resident <<< "$(measure "$work/$count" "$elfutils" -a -f -i -e "$file")"
            echo "| $name | $number addresses, eu-addr2line | $seconds | $resident | |"
        fi
        if [ -n "$gsym" ] && [ -s "$work/$name.gsym" ]; then
            sed "s|\$| $work/$name.gsym|" "$work/$count" > "$work/asked"
            read -r seconds resident <<< "$(measure "$work/asked" "$gsym" --addresses-from-stdin)"
            echo "| $name | $number addresses, gsymutil | $seconds | $resident | |"
        fi
    done
    rm -f "$work/$name.gsym" "$index"
done
echo
echo "Cost by size, one worker, warm:"
echo
echo "| file | MB of DWARF | seconds | MB/s | index MB |"
echo "|---|---|---|---|---|"
sort -k2n "$work/linear" | awk '{ printf "| %s | %.2f | %s | %.0f | %.2f |\n", $1, $2 / 1e6, $3, ($3 > 0 ? $2 / 1e6 / $3 : 0), $4 / 1e6 }'
