#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Compares our answers about any ELF files with those of llvm-symbolizer, GNU addr2line and eu-addr2line, where installed:
#   ./compare.sh FILE… [--addresses 10000]   the report as Markdown; exit 1 where an answer of ours is wrong
#       [--eu-addr2line 1000]                fewer for the one that walks the unit for every address: 50 ms each in large C++
#   ./compare.sh --record                    ask the three about every fixture anew and write expected/peers
# The library is asked, and the command `faultline symbolicate`, which has to say the same.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/.mvn/find-jdk.sh"
directory=$(pwd)

cd "$root"
./mvnw -q test-compile -pl symbol-store,cli-uploader >&2
libraries=$(find "$HOME/.m2/repository" \( -name 'commons-compress-*.jar' -o -name 'zstd-jni-*.jar' -o -name 'xz-1*.jar' \
    -o -name 'caffeine-3*.jar' -o -name 'jspecify-*.jar' -o -name 'jackson-core-2*.jar' -o -name 'jackson-databind-2*.jar' \
    -o -name 'jackson-annotations-2*.jar' -o -name 'picocli-4*.jar' \) | sort -r | tr '\n' ':')

first=yes
for argument in "$@"; do
    [ $first = yes ] && set --
    first=no
    case $argument in
    --* | [0-9]*) ;;
    /*) ;;
    *) argument=$directory/$argument ;;
    esac
    set -- "$@" "$argument"
done
case " $* " in
*" --record "*) ;;
*) set -- "$@" --command "$root/faultline" ;;
esac
cd cli-uploader
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx1g \
    -cp "target/test-classes:target/classes:../symbol-store/target/classes:$libraries" \
    dev.faultline.differential.Compare "$@"
