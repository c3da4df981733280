# shellcheck shell=bash
# What run.sh and test.sh share: finds or installs what the platform needs, and builds. Sourced, not run.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
started=$SECONDS

say() { printf '%s\n' "$*" >&2; }

# step TEXT COMMAND…: says what is done and how long it took; what the command prints is shown only if it fails.
step() {
  local text=$1 begun=$SECONDS log
  shift
  log=$(mktemp)
  say "[$((SECONDS - started)) s] $text"
  if ! "$@" > "$log" 2>&1 9>&-; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
  [ $((SECONDS - begun)) -lt 2 ] || say "[$((SECONDS - started)) s] $text: done"
}

fail() {
  say "$*"
  exit 1
}

# The .NET SDK is the one thing that is not installed for you.
require_dotnet() {
  command -v dotnet > /dev/null || fail "dotnet is missing; install the .NET 10 SDK (https://dot.net/download)"
  (cd "$root" && dotnet --version > /dev/null 2>&1) || fail "no .NET 10 SDK found; install it (https://dot.net/download)"
  # Built executables look for the runtime in fixed places, which need not be where this SDK lies.
  export DOTNET_ROOT="${DOTNET_ROOT:-$(dotnet --list-runtimes | sed -n 's|^Microsoft\.NETCore\.App 10\..* \[\(.*\)/shared/.*|\1|p' | tail -n 1)}"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

# True when a program is there; Debian keeps daemons in sbin and Postgres off the PATH.
has() {
  case $1 in
    initdb) compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || PATH="$PATH:/usr/sbin" command -v initdb > /dev/null ;;
    *) PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v "$1" > /dev/null ;;
  esac
}

# require PROGRAM:PACKAGE… installs the packages whose program is missing.
require() {
  local pair missing=()
  for pair in "$@"; do
    has "${pair%%:*}" || missing+=("${pair#*:}")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    apt_install "${missing[@]}"
  fi
}

# Everything that the platform runs on; MinIO takes Ceph's place where it is installed.
require_platform() {
  local programs=(setpriv:util-linux initdb:postgresql redis-server:redis-server ffmpeg:ffmpeg npm:npm)
  if ! has minio; then
    programs+=(ceph-mon:ceph-mon ceph-osd:ceph-osd radosgw:radosgw ceph:ceph-common)
  fi
  require "${programs[@]}"
}

apt_install() {
  local as_root=()
  has apt-get || fail "missing: $*; install them (the names are Debian's; there is no apt here to do it)"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2> /dev/null || fail "missing: $*; run as root: apt-get install -y --no-install-recommends $*"
    as_root=(sudo -n)
  fi
  # In a subshell, so that its trap puts things back whatever happens.
  (
    keep_services_down
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    # A source that can't be reached matters only if the package comes from there.
    step "reading the package lists" "${apt[@]}" update || true
    step "installing $*" "${apt[@]}" install -y --no-install-recommends "$@" || fail "apt-get could not install: $*"
  )
}

# Debian starts a server as soon as it is installed; the platform starts its own. policy-rc.d (invoke-rc.d(8)) says no for
# as long as the installation takes, and is then as it was.
keep_services_down() {
  policy=/usr/sbin/policy-rc.d
  policy_saved=$(mktemp -d)
  if [ -e "$policy" ]; then
    "${as_root[@]}" cp -a "$policy" "$policy_saved/"
  fi
  trap restore_policy EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
  "${as_root[@]}" chmod 755 "$policy"
}

# shellcheck disable=SC2317 # the trap calls it
restore_policy() {
  "${as_root[@]}" rm -f "$policy"
  if [ -e "$policy_saved/policy-rc.d" ]; then
    "${as_root[@]}" cp -a "$policy_saved/policy-rc.d" "$policy"
  fi
  "${as_root[@]}" rm -rf "$policy_saved"
}

# build PROJECT…: restored and built for Release, one build at a time in one checkout, and none when nothing has changed: MSBuild alone
# takes seconds to find that out.
build() {
  local project
  mkdir -p "$root/ArtifactPlatform.AppHost/obj"
  exec 9> "$root/ArtifactPlatform.AppHost/obj/build.lock"
  flock 9
  for project in "$@"; do
    is_built "$project" || build_one "$project"
  done
  exec 9>&-
}

build_one() {
  local begun
  [ -x "$(built "$1")" ] || say "The first build takes 2 to 7 minutes: it downloads 250 MB of packages (1.1 GB on disk) and compiles everything."
  begun=$(mktemp)
  # Neither a build server nor, if this script is killed, the build is left.
  step "restoring packages of $1" setpriv --pdeathsig TERM dotnet restore "$root/$1" || fail "the packages could not be restored"
  step "building $1" setpriv --pdeathsig TERM dotnet build "$root/$1" -c Release --no-restore -v quiet -nodeReuse:false -p:UseSharedCompilation=false ||
    fail "the build failed"
  dotnet --version > "$root/$1/obj/built"
  # A file that was saved during the build may have come too late for it.
  if [ -n "$(changed_since "$begun" -type f)" ]; then
    touch -r "$begun" "$root/$1/obj/built"
  fi
  rm -f "$begun"
}

# is_built PROJECT: by this SDK, with all programs there, and no source newer.
is_built() {
  local name stamp="$root/$1/obj/built"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(dotnet --version)" ] || return 1
  for name in "$1" ArtifactPlatform.{AppHost,Api,Worker,Web}; do
    [ -x "$(built "$name")" ] || return 1
  done
  [ -z "$(changed_since "$stamp")" ]
}

# changed_since FILE [TEST…]: a source file or folder that is newer (a folder is, once something in it was deleted).
changed_since() {
  find "$root" -mindepth 1 \
    \( -name bin -o -name obj -o -name node_modules -o -name TestResults -o -name docs -o -name '*.md' -o -name '.*' \) -prune \
    -o -newer "$1" "${@:2}" -print -quit
}

# built PROJECT: the path of its executable.
built() { printf '%s' "$root/$1/bin/Release/net10.0/$1"; }
