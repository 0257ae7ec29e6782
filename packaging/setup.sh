# What ./run and ./test share: setting a machine up and building. Sourced by them, from the project's folder.
#
#   setUpMachine run test        installs what packaging/packages/{run,test}.txt name and is missing
#   setUpNode                      npm packages of runtime-js/ and backoffice/, where their lock file has changed
#   buildPreset release [target]   configures if needed and builds with all cores
#
# Everything is skipped that is already as it should be. PATCHBAY_SKIP_SETUP=1 skips the first two altogether,
# for machines where another tool brings the packages.

PATCHBAY_JOBS=${PATCHBAY_JOBS:-$(nproc)}

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Only one ./run or ./test sets up and builds at a time; fd 9 is given up by releaseSetupLock.
takeSetupLock() {
  mkdir -p build
  exec 9>build/.setup.lock
  if ! flock --nonblock 9; then
    say "Another ./run or ./test is building here; waiting for it."
    flock 9
  fi
}
releaseSetupLock() { exec 9>&-; }

# Words of the given package lists that dpkg does not know as installed.
missingPackages() {
  local list wanted=() installed
  for list in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(grep -v '^#' "packaging/packages/$list.txt")
  done
  installed=$(dpkg-query --show --showformat='${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^[ih]i *//p' || true)
  printf '%s\n' "${wanted[@]}" | grep --line-regexp --fixed-strings --invert-match "$installed" || true
}

# "" for root, sudo where it may be used (asking for a password only at a terminal), else fails.
rootPrefix() {
  if [ "$(id -u)" = 0 ]; then
    return 0
  fi
  command -v sudo >/dev/null || return 1
  if sudo --non-interactive true 2>/dev/null || [ -t 0 ]; then
    echo sudo
    return 0
  fi
  return 1
}

installPackages() {
  local prefix
  if ! prefix=$(rootPrefix); then
    say "These Debian packages are missing, and installing them needs root. Run this first, as root, then the command again:"
    say ""
    say "    apt-get update && apt-get install -y --no-install-recommends $*"
    say ""
    exit 1
  fi
  say "Installing $# Debian packages and what they need: $*"
  local log=build/setup.log apt=($prefix env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  # In a container, which is thrown away rather than repaired, dpkg need not sync every file. Halves the time.
  [ -d /run/systemd/system ] || apt+=(-o Dpkg::Options::=--force-unsafe-io)
  if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } </dev/null 9>&- >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "Installing Debian packages failed; all output is in $log."
  fi
}

setUpMachine() {
  [ -z "${PATCHBAY_SKIP_SETUP:-}" ] || return 0
  command -v dpkg-query >/dev/null ||
    die "This sets up Debian 12 only. Elsewhere install the equivalents of packaging/packages/*.txt and set PATCHBAY_SKIP_SETUP=1."
  local missing=()
  mapfile -t missing < <(missingPackages "$@")
  if ! npmStampFits runtime-js && ! command -v npm >/dev/null; then
    mapfile -t -O "${#missing[@]}" missing < <(missingPackages node)
  fi
  [ "${#missing[@]}" = 0 ] || installPackages "${missing[@]}"
}

# A stamp lies in node_modules itself: whoever removes the folder removes it too.
npmStampFits() { [ "$(sha256sum <"$1/package-lock.json")" = "$(cat "$1/node_modules/.patchbay-lock" 2>/dev/null)" ]; }

pinnedNode() {
  local file
  for file in runtime-js/node_modules/node-linux-*/bin/node; do
    [ -x "$file" ] && echo "$file" && return 0
  done
  return 1
}

# npm ci in one folder; the rest of the arguments is the npm to use.
npmInstall() {
  local folder=$1
  shift
  say "Installing the npm packages of $folder"
  (cd "$folder" && "$@" ci --ignore-scripts --no-audit --no-fund --loglevel=error) </dev/null >&2 9>&- ||
    die "npm ci failed in $folder."
}
npmStamp() { sha256sum <"$1/package-lock.json" >"$1/node_modules/.patchbay-lock"; }

setUpNode() {
  [ -z "${PATCHBAY_SKIP_SETUP:-}" ] || return 0
  local node
  if ! npmStampFits runtime-js; then
    npmInstall runtime-js npm
    node=$(pinnedNode) || die "runtime-js/package-lock.json brings no Node for this kind of machine ($(uname -m))."
    # Not every npm makes this link, and tests and developers go by it.
    mkdir -p runtime-js/node_modules/.bin
    ln -sfn "../${node#runtime-js/node_modules/}" runtime-js/node_modules/.bin/node
    npmStamp runtime-js
  fi
  # With the npm and Node that runtime-js brings: Debian's are too old for what builds the page.
  if ! npmStampFits backoffice; then
    npmInstall backoffice "$PWD/runtime-js/node_modules/.bin/node" "$PWD/runtime-js/node_modules/npm/bin/npm-cli.js"
    npmStamp backoffice
  fi
}

# Ninja configures again by itself when a build file changes, but does not look at the presets.
configurePreset() {
  if [ ! -f "build/$1/build.ninja" ] || [ CMakePresets.json -nt "build/$1/build.ninja" ]; then
    cmake --preset "$1" --log-level=WARNING >&2 || die "Configuring build/$1 failed."
    touch "build/$1/build.ninja"
  fi
}

hasTarget() { grep -q "^build $2: phony" "build/$1/build.ninja"; }

buildPreset() {
  local preset=$1
  shift
  configurePreset "$preset"
  cmake --build "build/$preset" --parallel "$PATCHBAY_JOBS" ${1:+--target "$@"} 9>&- >&2 || die "Building build/$preset failed."
}
