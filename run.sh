#!/usr/bin/env bash
# Sets up what is missing, builds, and runs the platform in the foreground until Ctrl-C. With a command, runs that one of the Api's.
set -euo pipefail
# shellcheck source=eng/setup.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

usage() {
  cat << 'TEXT'
Usage: ./run.sh                  set up, build and run the platform until Ctrl-C
       ./run.sh COMMAND [...]    run a command of the Api with the settings of the platform in DATA_DIR, which must be running

Commands:
  doctor                         try everything that the platform needs of its object store
  migrate                        apply missing migrations and create the bucket
  quota --company ID [...]       set a company's quotas
  rotate-signing-key             sign access tokens with a new key
  COMMAND --help                 the options of a command

Environment:
  API_PORT, WEB_PORT             ports of Api and dashboard (8080, 8081)
  DATA_DIR                       everything that is kept (.data)
  DEMO_API_KEY, DEMO_PASSWORD    key and password of the demo user (random, kept in DATA_DIR/credentials.txt)
  STORES                         containers or native (containers where Docker or Podman answers)
  API_REPLICAS, WORKER_REPLICAS, WEB_REPLICAS    instances of each service (1)
  ASPIRE_DASHBOARD               false leaves the Aspire dashboard out
  any setting of a service, such as Ingest__MaxSizeBytes
TEXT
}

DATA_DIR=$(realpath -ms "${DATA_DIR:-$root/.data}")
export DATA_DIR

case ${1-} in
  -h | --help)
    usage
    exit
    ;;
  doctor | migrate | quota | rotate-signing-key)
    require_dotnet
    [ -x "$(built ArtifactPlatform.Api)" ] || build ArtifactPlatform.AppHost
    case " $* " in *" --help "* | *" -h "* | *" -? "*) exec "$(built ArtifactPlatform.Api)" "$@" ;; esac
    [ -r "$DATA_DIR/api.env" ] || fail "no platform has been started in DATA_DIR $DATA_DIR; start it with ./run.sh, or set DATA_DIR"
    # The lock is free when no platform runs; its stores are then down, too.
    if flock -n "$DATA_DIR/.lock" true; then
      fail "the platform in DATA_DIR $DATA_DIR is not running; start it with ./run.sh"
    fi
    while IFS= read -r -d '' setting; do
      export "${setting?}"
    done < "$DATA_DIR/api.env"
    exec "$(built ArtifactPlatform.Api)" "$@"
    ;;
  *)
    if [ $# -gt 0 ]; then
      say "run.sh: '$1' is not a command"
      usage >&2
      exit 1
    fi
    ;;
esac

require_dotnet
require_platform
build ArtifactPlatform.AppHost
# A script that starts this in the background has SIGINT ignored; Ctrl-C and kill -INT are to work all the same.
exec env --default-signal=INT "$(built ArtifactPlatform.AppHost)"
