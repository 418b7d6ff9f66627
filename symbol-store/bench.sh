#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Runs a JMH benchmark of the engine: symbol-store/bench.sh BENCHMARK [OPTION OF JMH...], such as CrashAnalysisBenchmark
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../.mvn/find-jdk.sh"
find_jdk
export JAVA_HOME
cd "$here"
mkdir -p target/bench
../mvnw -q -f .. test-compile -pl symbol-store
../mvnw -q -f .. -pl symbol-store dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$here/target/bench/classpath"
exec "$JAVA_HOME/bin/java" -cp "target/classes:target/test-classes:$(cat target/bench/classpath)" org.openjdk.jmh.Main \
    -jvmArgs --enable-native-access=ALL-UNNAMED "$@"
