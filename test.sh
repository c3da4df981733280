#!/usr/bin/env bash
# Sets up what is missing, builds, and runs the tests: all, or those whose name holds the first argument, or those that
# xunit's own options choose (./test.sh -class 'ArtifactPlatform.Tests.NativeHosting.*').
set -euo pipefail
# shellcheck source=eng/setup.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

require_dotnet
require_platform
require chromium:chromium # the dashboard's tests
build ArtifactPlatform.Tests

filter=("$@")
if [ $# -gt 0 ] && [[ $1 != -* ]]; then
  filter=(-method "*$1*" "${@:2}")
fi
results=$(mktemp)
trap 'rm -f "$results"' EXIT
"$(built ArtifactPlatform.Tests)" -noLogo -noColor -xml "$results" "${filter[@]}" &
tests=$!
trap 'kill -TERM "$tests" 2> /dev/null || true' INT TERM
status=0
wait "$tests" || status=$?

# count NAME: an attribute of <assembly> in xunit's report; nothing when the run broke off before writing it.
count() { sed -n "s/.*<assembly [^>]*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
passed=$(count passed) failed=$(count failed) skipped=$(count skipped) errors=$(count errors)
failed=$((${failed:-0} + ${errors:-0}))
# Their names once more at the end, where they are found without scrolling.
grep -o '<test [^>]*result="Fail"' "$results" | sed 's/.* name="\([^"]*\)".*/failed: \1/' || true
# A run that broke off, or ran nothing, has not passed.
if [ "$failed" = 0 ] && { [ "$status" != 0 ] || [ "${passed:-0}" = 0 ]; }; then
  say "the test run ended with exit code $status"
  failed=1
fi
echo "${passed:-0} passed, $failed failed, ${skipped:-0} skipped"
[ "$failed" = 0 ]
