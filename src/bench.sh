#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Runs a benchmark or measure of the service: src/bench.sh CLASS [ARGUMENT...], such as dev.faultline.regroup.RegroupBenchmark
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../.mvn/find-jdk.sh"
find_jdk
export JAVA_HOME
cd "$here"
mkdir -p ../target/bench
../mvnw -q -f .. -pl symbol-store,src test-compile dependency:build-classpath -Dmdep.includeScope=test \
    -Dmdep.outputFile="$here/../target/bench/classpath"
exec "$JAVA_HOME/bin/java" -Xmx512m -cp "../target/classes:../target/test-classes:$(cat ../target/bench/classpath)" "$@"
