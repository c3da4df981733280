# shellcheck shell=bash
# Compiles the built programs to machine code ahead of time (ReadyToRun), in place, so that they start in half the time.
# Sourced by setup.sh; `dotnet build` alone does without it, and puts back what it builds anew.

# precompile PROJECT…: every assembly in their output folders; each different one once, kept under its hash.
precompile() {
  local compiler kept name
  if ! compiler=$(find_compiler); then
    say "no ahead-of-time compiler in the package feed: the services will start more slowly"
    return
  fi
  # Another compiler, or other options, make other code.
  kept=$(printf '%s' "$compiler" | cat - "$root/eng/precompile.sh" | sha256sum)
  kept="$root/ArtifactPlatform.AppHost/obj/precompiled/${kept:0:16}"
  mkdir -p "$kept"
  rm -f "$kept"/*.part
  for name in "$@"; do
    printf '%s\0' "$(dirname "$(built "$name")")"/*.dll
  done | compiler=$compiler kept=$kept runtime=$(shared_framework Microsoft.NETCore.App) aspnet=$(shared_framework Microsoft.AspNetCore.App) \
    xargs -0 -n 1 -P "$(nproc)" bash -c 'set -e; source "$0"; precompile_one "$1"' "$root/eng/precompile.sh"
}

# Prints the path of crossgen2, taken from the package feed at the SDK's own version.
find_compiler() {
  local path
  path=$(dotnet msbuild "$root/eng/crossgen" -restore -t:PrintCompiler -nologo -v:m -nodeReuse:false 2> /dev/null | tail -n 1 | tr -d ' ')
  [ -x "$path" ] && printf '%s' "$path"
}

# shared_framework NAME: the folder of its newest version.
shared_framework() { printf '%s\n' "$DOTNET_ROOT/shared/$1"/10.0.* | sort -V | tail -n 1; }

# precompile_one ASSEMBLY: one that can't be compiled, or is already, stays as it is. With the generic code of other assemblies that it
# uses, which the runtime takes as long as those are what they were.
precompile_one() {
  local made result
  made=$(sha256sum "$1")
  made="$kept/${made%% *}"
  if [ ! -e "$made" ]; then
    "$compiler" "$1" -o "$made.$$.part" -O --opt-cross-module:'*' --non-local-generics-module:'*' -r "$runtime/*.dll" -r "$aspnet/*.dll" -r "$(dirname "$1")/*.dll" > "$made.log" 2>&1 || {
      printf '%s could not be compiled ahead of time; why: %s\n' "$1" "$made.log" >&2
      return 0
    }
    # What comes out is not compiled once more.
    result=$(sha256sum "$made.$$.part")
    ln -f "$made.$$.part" "$kept/${result%% *}"
    mv "$made.$$.part" "$made"
  fi
  cmp -s "$made" "$1" && return
  # Under another name first: a program that runs keeps the file it has.
  cp "$made" "$1.part"
  mv "$1.part" "$1"
}
