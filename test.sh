#!/usr/bin/env bash
# Sets up what is missing, builds, and runs tests: all of them, those whose name contains the first argument, or those that xunit's own
# options choose (./test.sh -class 'ArtifactPlatform.Tests.Videos.*').
# `./test.sh unit` builds and runs those of ArtifactPlatform.Tests/Unit alone: it needs nothing but dotnet and starts no process.
set -euo pipefail
# shellcheck source=eng/setup.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

# Without the host and the dashboard; under the lock of build(), since both write to the same projects.
build_unit_tests() {
  mkdir -p "$root/ArtifactPlatform.AppHost/obj"
  exec 9> "$root/ArtifactPlatform.AppHost/obj/build.lock"
  flock 9
  step "building the unit tests" dotnet build "$root/ArtifactPlatform.Tests" -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false -p:UnitTestsOnly=true ||
    fail "the build failed"
  exec 9>&-
}

require_dotnet
whole=$#
if [ "${1:-}" = unit ]; then
  shift
  build_unit_tests
  program="$root/ArtifactPlatform.Tests/bin/unit/Release/net10.0/ArtifactPlatform.Tests"
  filter=(-namespace 'ArtifactPlatform.Tests.Unit.*')
else
  require_platform
  require chromium:chromium # the dashboard's tests
  build ArtifactPlatform.Tests
  program=$(built ArtifactPlatform.Tests)
  filter=()
fi

if [ $# -gt 0 ] && [[ $1 != -* ]]; then
  filter+=(-method "*$1*")
  shift
fi
results=$(mktemp)
trap 'rm -f "$results"' EXIT
"$program" -noLogo -noColor -result-xml "$results" "${filter[@]}" "$@" &
tests=$!
trap 'kill -TERM "$tests" 2> /dev/null || true' INT TERM
status=0
wait "$tests" || status=$?
# A signal ends the wait, not the tests, which first stop their platforms.
while kill -0 "$tests" 2> /dev/null; do
  wait "$tests" || status=$?
done

# count NAME: an attribute of <assembly> in xunit's report; nothing when the run broke off before writing it.
count() { sed -n "s/.*<assembly [^>]*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
# attributes NAME: that of each test in the report, one a line. The locale is C: no byte of a test's name may end grep's output.
attributes() { LC_ALL=C grep -ao '<test [^>]*' "$results" | LC_ALL=C sed -n "s/.*[[:space:]]$1=\"\([^\"]*\)\".*/\1/p"; }
# slowest COUNT: the slowest tests, the slowest of all last, so that it is seen where only the end of the output is.
slowest() {
  paste -d ' ' <(attributes time) <(attributes name) | LC_ALL=C sort -n | tail -n "$1" |
    while read -r seconds name; do LC_ALL=C printf 'slowest: %.1f s %s\n' "$seconds" "$name"; done
}
passed=$(count passed) failed=$(count failed) skipped=$(count skipped) errors=$(count errors)
failed=$((${failed:-0} + ${errors:-0}))
if [ "$whole" = 0 ]; then
  slowest 10
fi
# Their names once more at the end, where they are found without scrolling.
LC_ALL=C grep -ao '<test [^>]*result="Fail"' "$results" | sed 's/.* name="\([^"]*\)".*/failed: \1/' || true
# A run that broke off, or ran nothing, has not passed.
if [ "$failed" = 0 ] && { [ "$status" != 0 ] || [ "${passed:-0}" = 0 ]; }; then
  say "the test run ended with exit code $status"
  failed=1
fi
echo "${passed:-0} passed, $failed failed, ${skipped:-0} skipped"
[ "$failed" = 0 ]
