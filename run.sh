#!/usr/bin/env bash
# Sets up what is missing, builds, and runs the platform in the foreground until Ctrl-C.
# API_PORT (8080), WEB_PORT (8081), DATA_DIR (.data), DEMO_API_KEY, DEMO_PASSWORD; any setting of a service works too.
set -euo pipefail
# shellcheck source=eng/setup.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

export API_PORT="${API_PORT:-8080}" WEB_PORT="${WEB_PORT:-8081}"
DATA_DIR=$(realpath -ms "${DATA_DIR:-$root/.data}")
export DATA_DIR

require_dotnet
require_platform
build ArtifactPlatform.AppHost
exec "$(built ArtifactPlatform.AppHost)" "$@"
