#!/usr/bin/env bash
# Aborts a deployment of Mender: stop SOFTWARE VERSION. Mender has no way back from that: go does nothing, make a new deployment.
# The deployment is the running one whose name is "SOFTWARE VERSION".
#   MENDER=https://hosted.mender.io MENDER_TOKEN=… (a personal access token)
set -euo pipefail
[ "$1" = stop ] || exit 0
api() { curl -fsS --max-time 30 -H "Authorization: Bearer $MENDER_TOKEN" -H 'Content-Type: application/json' "$@"; }
deployments=$MENDER/api/management/v1/deployments/deployments
id=$(api "$deployments?status=inprogress&per_page=100" | jq -er --arg name "$2 $3" '[.[] | select(.name == $name)][0].id')
api -X PUT "$deployments/$id/status" -d '{"status":"aborted"}'
