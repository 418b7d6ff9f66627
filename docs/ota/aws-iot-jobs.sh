#!/usr/bin/env bash
# Cancels a job of AWS IoT: stop SOFTWARE VERSION. Devices that began go on to the end. A cancelled job does not go on: go does nothing.
# The job's id is SOFTWARE-VERSION with dots as underscores, since ids have none.
#   credentials and region as for the aws command line
set -euo pipefail
[ "$1" = stop ] || exit 0
id=$(printf '%s-%s' "$2" "$3" | tr '.+' '__')
aws iot cancel-job --job-id "$id" --reason-code FAULTLINE_GATE --comment "Faultline: $2 $3 has to stop" --no-force
