# What every script here shares: messages, a scratch folder that is always removed, processes that are always ended, missing tools.
# Source it after `set -euo pipefail`; it moves to the top of the tree.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/towpath-$(basename "$0").XXXXXX")
OWN_PROCESSES=()
OWN_MOUNTS=()

# say TEXT...: progress, on stderr so that stdout holds results alone.
say() { printf '%s\n' "$*" >&2; }

die() {
    say "$(basename "$0"): $*"
    exit 1
}

# end_process PID: asks, waits up to 10 s, then insists.
end_process() {
    local pid=$1 i
    kill -TERM "$pid" 2>/dev/null || return 0
    for ((i = 0; i < 100; i++)); do
        # A zombie still has a pid; its state tells.
        [[ $(process_state "$pid") =~ ^(Z|)$ ]] && break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

process_state() { sed -E 's/^[0-9]+ \(.*\) (.).*/\1/' "/proc/$1/stat" 2>/dev/null || true; }

clean_up() {
    local status=$? pid mount
    trap - EXIT INT TERM
    for pid in "${OWN_PROCESSES[@]:+${OWN_PROCESSES[@]}}"; do end_process "$pid"; done
    for mount in "${OWN_MOUNTS[@]:+${OWN_MOUNTS[@]}}"; do as_root umount "$mount" || true; done
    rm -rf "$SCRATCH"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start LOG COMMAND...: runs in the background, remembered for the end; sets PID.
start() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 &
    PID=$!
    OWN_PROCESSES+=("$PID")
}

# stop PID: ends one of our processes early and forgets it.
stop() {
    local kept=() pid
    end_process "$1"
    for pid in "${OWN_PROCESSES[@]}"; do [[ $pid == "$1" ]] || kept+=("$pid"); done
    OWN_PROCESSES=("${kept[@]:+${kept[@]}}")
}

as_root() {
    if [[ $EUID == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# need COMMAND PACKAGE: installs a Debian package where the command is missing; a service that it brings is not started.
need() {
    local command=$1 package=$2
    command -v "$command" >/dev/null && return
    install_package "$command" "$package"
    command -v "$command" >/dev/null || die "$package is installed, and $command is still missing"
}

# need_module MODULE PACKAGE: the same for a module of the system's Python.
need_module() {
    local module=$1 package=$2
    /usr/bin/python3 -c "import $module" 2>/dev/null && return
    install_package "the Python module $module" "$package"
    /usr/bin/python3 -c "import $module" || die "$package is installed, and $module is still missing"
}

# install_package WHAT PACKAGE: what is missing, and the package that brings it.
install_package() {
    local what=$1 package=$2 policy=/usr/sbin/policy-rc.d
    command -v apt-get >/dev/null || die "$what is missing: install it (Debian calls the package $package)"
    say "installing $package"
    if [[ ${APT_UPDATED:-} != yes ]]; then
        as_root apt-get update -qq >"$SCRATCH/apt.log" 2>&1 || die "apt-get update failed: $(tail -n 3 "$SCRATCH/apt.log")"
        APT_UPDATED=yes
    fi
    local own_policy=no
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$SCRATCH/policy"
        as_root install -m 755 "$SCRATCH/policy" "$policy" && own_policy=yes
    fi
    local failed=no
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" \
        >"$SCRATCH/apt.log" 2>&1 </dev/null || failed=yes
    [[ $own_policy == no ]] || as_root rm -f "$policy"
    [[ $failed == no ]] || die "$package could not be installed: $(tail -n 3 "$SCRATCH/apt.log")"
}

# free_ports COUNT: that many different loopback ports that nothing listens on.
free_ports() {
    python3 - "$1" <<'PYTHON'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))
PYTHON
}

# wait_for_http URL PID SECONDS LOG: until the address answers with any status.
wait_for_http() {
    local url=$1 pid=$2 seconds=$3 log=$4 i
    for ((i = 0; i < seconds * 20; i++)); do
        curl -s -o /dev/null --max-time 2 "$url" && return
        [[ $(process_state "$pid") =~ ^(Z|)$ ]] && die "the process behind $url ended: $(tail -n 5 "$log")"
        sleep 0.05
    done
    die "$url did not answer within $seconds s: $(tail -n 5 "$log")"
}

# build_towpath: the release binary; sets TOWPATH.
build_towpath() {
    need cc build-essential
    say "building towpath (release)"
    cargo build --release --quiet --package towpath --bin towpath
    TOWPATH=$(target_folder)/release/towpath
}

target_folder() { cargo metadata --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])'; }
