#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# The service at the size of a fleet:
#   src/scale.sh fill --data-dir=DIRECTORY [--crashes=N]   fills its embedded PostgreSQL (10,000,000 crashes: some 20 GB)
#   src/scale.sh fleet --data-dir=DIRECTORY                gives it 1,000,000 devices that send heartbeats
#   src/scale.sh assign --data-dir=DIRECTORY               how long crashes take to find their clusters there
#   src/scale.sh edits --data-dir=DIRECTORY                how long it takes to merge clusters there
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
. "$root/.mvn/find-jdk.sh"
find_jdk
export JAVA_HOME
command=${1:-}
[ $# -gt 0 ] && shift
case $command in
    fill) main=dev.faultline.scale.ScaleFill ;;
    fleet) main=dev.faultline.scale.ScaleFleet ;;
    assign) main=dev.faultline.cluster.AssignmentBenchmark ;;
    edits) main=dev.faultline.cluster.EditBenchmark ;;
    *)
        sed -n 's/^#   //p' "$0" >&2
        exit 2
        ;;
esac
"$root/mvnw" -q -f "$root" test-compile dependency:build-classpath -pl symbol-store,src -Dmdep.includeScope=test \
    -Dmdep.outputFile="$root/target/test.classpath"
exec "$JAVA_HOME/bin/java" -cp "$root/target/classes:$root/target/test-classes:$(cat "$root/target/test.classpath")" "$main" "$@"
