#!/usr/bin/env bash
# Asks what holds of a release, and runs COMMAND stop|go SOFTWARE VERSION when that changes. For who can not be reached by a webhook.
#   FAULTLINE_SERVER=… FAULTLINE_TOKEN=… ./poll.sh default main-fw 2.4.0 ./hawkbit.sh
# Let the gate be watched (PUT …/gates/default/watch), or nobody asks it.
set -euo pipefail
gate=$1 software=$2 version=$3
shift 3
project=${FAULTLINE_PROJECT:-default}
last=
while true; do
    verdict=$(curl -fsS --max-time 30 ${FAULTLINE_TOKEN:+-H "Authorization: Bearer $FAULTLINE_TOKEN"} \
        "${FAULTLINE_SERVER:-http://127.0.0.1:8080}/api/v1/projects/$project/gates" |
        jq -r --arg gate "$gate" --arg software "$software" --arg version "$version" \
            '[.items[] | select(.gate == $gate and .software == $software and .candidate == $version)][0].verdict // "none"') || verdict=none
    if [ "$verdict" != "$last" ]; then
        case $verdict in
            NO_GO | PAUSE) "$@" stop "$software" "$version" && last=$verdict ;;
            GO) "$@" go "$software" "$version" && last=$verdict ;;
            INSUFFICIENT) last=$verdict ;;
        esac
    fi
    sleep "${POLL_SECONDS:-60}"
done
