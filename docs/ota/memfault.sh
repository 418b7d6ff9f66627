#!/usr/bin/env bash
# Changes a deployment of Memfault: stop|go SOFTWARE VERSION. What is changed is yours to say, in MEMFAULT_STOP and MEMFAULT_GO, as JSON of
# Memfault's "update a deployment".
#   MEMFAULT_ORG=… MEMFAULT_PROJECT=… MEMFAULT_DEPLOYMENT=… MEMFAULT_TOKEN=oat_…
set -euo pipefail
case $1 in stop) change=$MEMFAULT_STOP ;; go) change=${MEMFAULT_GO:-} ;; *) exit 2 ;; esac
[ -n "$change" ] || exit 0
curl -fsS --max-time 30 -X PATCH -H "Authorization: Bearer $MEMFAULT_TOKEN" -H 'Content-Type: application/json' -d "$change" \
    "${MEMFAULT:-https://api.memfault.com}/api/v0/organizations/$MEMFAULT_ORG/projects/$MEMFAULT_PROJECT/deployments/$MEMFAULT_DEPLOYMENT"
