# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sourced by the scripts beside it, which run in the top of the checkout.
# shellcheck shell=bash

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
TOP=$PWD
# shellcheck disable=SC2034  # for the scripts
BUILD=$TOP/.build
# shellcheck disable=SC2034  # for the scripts
TESTS_VENV=${TESTS_VENV:-$TOP/.venv} # has the tests' bin/python3 and Ansible
# shellcheck disable=SC2034  # for the scripts
COLLECTION=ansible_collections/declarative/libvirt

say() {
    printf '\n== %s\n' "$*"
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# as_root COMMAND...: for what can't be done without; sudo asks if it must.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -- "$@"
    fi
}

can_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; }
}

# debian_system [--lenient] SYSTEM SUITE PACKAGE...: the root of a Debian with these
# packages in the directory SYSTEM, made by mmdebstrap unless it is there already.
# Those that the suite doesn't have are left out with --lenient. If it can't be
# made, $reason says why.
debian_system() {
    local form=%s lenient=
    [ "$1" != --lenient ] || { lenient=1 && shift; }
    [ -z "$lenient" ] || form='?exact-name(%s)'
    local system=$1 suite=$2 log=$1.log
    shift 2
    [ "$(cat "$system/packages" 2>/dev/null)" != "$(printf '%s\n' "$@")" ] || return 0
    say "Installing $suite with $*"
    mkdir -p "$(dirname "$system")"
    # shellcheck disable=SC2034  # for the scripts
    reason="see $log"
    command -v mmdebstrap >/dev/null ||
        as_root apt-get --quiet --yes --no-install-recommends install mmdebstrap >"$log" 2>&1 || return
    as_root rm -rf "$system" "$system.part"
    local include=() package
    for package in "$@"; do
        # shellcheck disable=SC2059  # the format is chosen above
        include+=("--include=$(printf "$form" "$package")")
    done
    # A mirror may be older than its own files allow.
    as_root mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        --customize-hook='copy-in /etc/hosts /etc' \
        "${include[@]}" "$suite" "$system.part" >"$log" 2>&1 || {
        # shellcheck disable=SC2034  # for the scripts
        reason=$(grep --max-count=1 '^E: ' "$log")
        as_root rm -rf "$system.part"
        return 1
    }
    printf '%s\n' "$@" | as_root tee "$system.part/packages" >/dev/null
    as_root mv "$system.part" "$system"
}
