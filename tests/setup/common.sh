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
