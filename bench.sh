#!/usr/bin/env bash
# The benchmarks, each beside its baseline in the same run, as a table of ratios.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=eng/setup.sh
source eng/setup.sh
require_dotnet
require_platform
build bench
exec "$(built bench)" "$@"
