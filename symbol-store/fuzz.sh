#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Fuzzes one reader with coverage as the guide: symbol-store/fuzz.sh READER [SECONDS], 600 unless told.
#   elf · demangle · index · or the name of a section, such as .debug_info, with [FILE] behind the seconds
#   coredump, with a coredump and debug files of its build, separated by colons, behind the seconds: all the way to the report
#   log, with a log, a coredump and a debug file of its build behind the seconds: the log beside the coredump, to the report
#   (the logs in memory: coredump, with those under ../firmware-fixtures/logs)
# A finding stops it; its input lies in target/fuzz/READER. Move it to firmware-fixtures/hostile and write its test.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../.mvn/find-jdk.sh"
reader=${1:?which reader? elf, demangle, index, coredump, log, or a section}
seconds=${2:-600}
file=${3:-../firmware-fixtures/symbols/elf/flash-dwarf5-o2.elf}
cd "$here"
work=target/fuzz/$reader
mkdir -p "$work/seeds"
../mvnw -q -f .. -Pfuzz test-compile -pl symbol-store
../mvnw -q -f .. -Pfuzz -pl symbol-store dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$here/target/fuzz/classpath"
classpath=target/classes:target/test-classes:$(cat target/fuzz/classpath)
java=$JAVA_HOME/bin/java
properties=
case $reader in
elf)
    target=ElfFuzz
    cp ../firmware-fixtures/symbols/elf/flash-dwarf5-o2.elf ../firmware-fixtures/symbols/elf/ppc32be-clang.elf \
        ../firmware-fixtures/symbols/elf/x86-64-gcc-zlib.elf "$work/seeds"
    ;;
demangle)
    target=DemanglerFuzz
    cut -f 1 ../firmware-fixtures/symbols/names/*.tsv | head -n 2000 | split -l 1 -a 4 - "$work/seeds/name-"
    ;;
index)
    target=IndexFuzz
    "$java" --enable-native-access=ALL-UNNAMED -cp "$classpath" dev.faultline.symbols.fuzz.IndexFuzz "$file" "$work/seeds/index"
    ;;
coredump)
    target=CoredumpFuzz
    properties="-Dfaultline.fuzz.coredump=$file -Dfaultline.fuzz.symbols=${4:?which debug files?}"
    work=$work/$(basename "$file")
    mkdir -p "$work/seeds"
    cp "$file" "$work/seeds"
    ;;
log)
    target=LogFuzz
    properties="-Dfaultline.fuzz.coredump=${4:?which coredump?} -Dfaultline.fuzz.symbols=${5:?which debug file?}"
    work=$work/$(basename "$file")
    mkdir -p "$work/seeds"
    cp "$file" "$work/seeds"
    ;;
*)
    target=SectionFuzz
    properties="-Dfaultline.fuzz.section=$reader -Dfaultline.fuzz.file=$file"
    "$java" $properties --enable-native-access=ALL-UNNAMED -cp "$classpath" dev.faultline.symbols.fuzz.SectionFuzz "$work/seeds/section"
    ;;
esac
exec "$java" $properties -Xmx1g --enable-native-access=ALL-UNNAMED -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
    --target_class=dev.faultline.symbols.fuzz.$target --instrumentation_includes='dev.faultline.symbols.**' \
    "$work/seeds" -artifact_prefix="$work/" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=65536
