#!/usr/bin/env bash
# Tries the Aspire CLI on a copy of this checkout, on native stores: start, wait, ps, describe, logs, resource, stop and run.
# Everything lies in a temporary folder, HOME included; NuGet's package cache is shared. Ends with exit code 1 at the first failure.
# Most of the time goes into a build, and into the tool (490 MB unpacked) where that has to be downloaded.
set -euo pipefail
# shellcheck source=eng/setup.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"

version=13.6.5
require_dotnet
require_platform
tmp=$(mktemp -d)
copy=$tmp/copy
log=$tmp/output
begun=$SECONDS

# Processes that were started from here: the environment that they were started with names the folder.
running() {
  local file
  for file in $(env -i grep -laF -- "$tmp" /proc/[0-9]*/environ 2> /dev/null || true); do
    file=${file#/proc/}
    echo "${file%/environ}"
  done
}

# shellcheck disable=SC2317 # the trap calls it
cleanup() {
  local pids signal
  for signal in TERM KILL; do
    mapfile -t pids < <(running)
    [ ${#pids[@]} = 0 ] && break
    kill -"$signal" "${pids[@]}" 2> /dev/null || true
    within 20 gone || true
  done
  rm -rf "$tmp"
}

export_settings() {
  # The user's own NuGet and npm settings still count.
  mkdir -p "$tmp/home/.nuget"
  [ ! -d "$HOME/.nuget/NuGet" ] || ln -s "$HOME/.nuget/NuGet" "$tmp/home/.nuget/NuGet"
  export NUGET_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages} npm_config_userconfig=$HOME/.npmrc npm_config_cache=${npm_config_cache:-$HOME/.npm}
  export HOME=$tmp/home DATA_DIR=$tmp/data STORES=native
  API_PORT=$(free_port) WEB_PORT=$(free_port)
  # No compiler or MSBuild node outlives the build.
  export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
  export API_PORT WEB_PORT NO_COLOR=1 ASPIRE_CLI_TELEMETRY_OPTOUT=true
}

free_port() {
  local port
  while port=$((10000 + RANDOM % 9000)) && (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
  echo "$port"
}

# try COMMAND…: runs it and says how long it took; its output is in $log.
try() {
  local from=${EPOCHREALTIME/[.,]/} status=0 tenths
  "$@" > "$log" 2>&1 || status=$?
  tenths=$(((${EPOCHREALTIME/[.,]/} - from) / 100000))
  printf '%4d.%d s  %s\n' $((tenths / 10)) $((tenths % 10)) "${*//$tmp\//}"
  if [ "$status" != 0 ]; then
    cat "$log" >&2
    fail "failed with exit code $status: ${*//$tmp\//}"
  fi
}

# check WHAT COMMAND…: the command must succeed.
check() {
  if "${@:2}" > /dev/null 2>&1; then
    echo "          ok: $1"
  else
    mapfile -t pids < <(running)
    tail -n 40 "$log" >&2
    [ ${#pids[@]} = 0 ] || ps -o pid=,args= -p "${pids[*]}" >&2 || true
    fail "not so: $1"
  fi
}

# within SECONDS COMMAND…: tries until it succeeds.
within() {
  local until=$((SECONDS + $1))
  until "${@:2}"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.2
  done
}

# Ctrl-C: the terminal sends SIGINT to the whole group in the foreground.
interrupt() { kill -INT -- "-$1" && wait "$1"; }
aspire() { (cd "$copy" && "$tmp/tool/aspire" "$@" --nologo --non-interactive); }
said() { grep -qE -- "$1" "$log"; }
clean_stops() { [ "$(grep -c 'database system is shut down' "$DATA_DIR/logs/postgres.log")" = "$1" ]; }
healthy() { curl -fsS --max-time 5 -o /dev/null "http://localhost:$1/health"; }
api_pid() { pgrep -f "^$copy/ArtifactPlatform.Api/bin/.*/ArtifactPlatform.Api$"; }
gone() { [ -z "$(running)" ]; }
not() { ! "$@"; }
mode_of() { [ "$(stat -c %a "$1")" = "$2" ]; }
# One a line.
secrets() { grep -oE '"[A-Za-z0-9]{43}"' "$DATA_DIR/secrets.json" | tr -d '"'; }
# hold_secrets FILE…: that the search finds something where there is something to find shows that it works.
hold_secrets() { grep -rqaFf <(secrets) -- "$@"; }
lists() {
  local name
  for name in "$@"; do
    said "(^|[^a-z-])$name( |$)" || return 1
  done
}

trap cleanup EXIT
trap 'exit 1' INT TERM
export_settings
mkdir "$copy"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 -I{} sh -c '[ ! -e "$1" ] || printf "%s\0" "$1"' sh {} | tar -c --null -T - | tar -x -C "$copy")

try dotnet tool install Aspire.Cli --version "$version" --tool-path "$tmp/tool"
try aspire --version
check "version $version" said "$version"

try aspire start
check "it names the dashboard" said 'http://localhost:[0-9]+/login\?t='
for service in api worker web; do
  try aspire wait "$service" --timeout 300
done
check "API_PORT answers" healthy "$API_PORT"
check "WEB_PORT answers" healthy "$WEB_PORT"
check "DATA_DIR holds the credentials, for the owner alone" mode_of "$DATA_DIR/credentials.txt" 600
check "nothing lies beside the solution" not test -e "$copy/.data"

try aspire ps
check "the host runs" said running
try aspire describe
check "it lists stores and services" lists postgres redis minio api worker web
check "all are healthy" not said 'Unhealthy|FailedToStart|Exited|Starting'
try aspire logs api
check "the Api's lines" said 'Hosting environment'

before=$(api_pid)
try aspire resource api restart
try aspire wait api --timeout 60
check "the Api is another process" test "$before" != "$(api_pid)"
check "it answers" healthy "$API_PORT"
try aspire resource api doctor
try aspire resource worker stop
try aspire wait worker --status down --timeout 60
try aspire resource worker start
try aspire wait worker --timeout 60

try aspire stop
check "no process is left" within 20 gone
check "API_PORT is free" not healthy "$API_PORT"
check "Postgres was shut down cleanly" clean_stops 1

# In the foreground, on the same data, as in a terminal until Ctrl-C.
from=$SECONDS
# A script's background jobs have SIGINT ignored, and a group of its own makes this one like a terminal's foreground job.
(cd "$copy" && exec setsid env --default-signal=INT "$tmp/tool/aspire" run --no-build --nologo --non-interactive) > "$log" 2>&1 &
cli=$!
check "aspire run: the Api answers" within 180 healthy "$API_PORT"
check "aspire run: the dashboard answers" within 60 healthy "$WEB_PORT"
check "aspire run: it shows the address of the Aspire dashboard" within 30 said 'Dashboard:.*http://localhost:[0-9]+/login\?t='
printf '%4d   s  aspire run\n' $((SECONDS - from))
try interrupt "$cli"
check "no process is left after Ctrl-C" within 20 gone
check "API_PORT is free" not healthy "$API_PORT"
check "WEB_PORT is free" not healthy "$WEB_PORT"
check "Postgres was shut down cleanly, a second time" clean_stops 2
# The CLI keeps logs below HOME.
check "the secrets are known" hold_secrets "$DATA_DIR/credentials.txt" "$DATA_DIR/api.env"
check "no secret lies in HOME" not hold_secrets "$HOME"
echo "the Aspire CLI $version works; $((SECONDS - begun)) s in all"
