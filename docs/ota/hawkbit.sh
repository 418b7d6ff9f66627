#!/usr/bin/env bash
# Pauses or resumes a rollout of Eclipse hawkBit: stop|go SOFTWARE VERSION. The rollout is the one whose name is "SOFTWARE VERSION".
#   HAWKBIT=https://hawkbit.example.com HAWKBIT_USER=tenant\\user:password
set -euo pipefail
case $1 in stop) verb=pause ;; go) verb=resume ;; *) exit 2 ;; esac
api() { curl -fsS --max-time 30 -u "$HAWKBIT_USER" -H 'Accept: application/hal+json' "$@"; }
id=$(api -G "$HAWKBIT/rest/v1/rollouts" --data-urlencode "q=name==\"$2 $3\"" | jq -er '.content[0].id')
api -X POST "$HAWKBIT/rest/v1/rollouts/$id/$verb"
