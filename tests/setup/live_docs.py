# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the documentation that follows from the table of live changes.

Usage: live_docs.py COLLECTION
"""

from __future__ import annotations

import pathlib
import sys

from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.live_calls import (
    LIVE_CALLS,
    LiveCall,
)

PAGE = "docs/docsite/rst/live_changes.rst"
#: What the tests can't change on a running guest, by path and call, and why.
UNTESTED: dict[tuple[str, str], str] = {
    ("memtune/{hard_limit,soft_limit,swap_hard_limit}", "memory_limits"): "control groups",
    ("numatune/memory/@nodeset", "numa_nodes"): "control groups",
    ("blkiotune/{weight,device}", "block_weights"): "control groups",
    (
        "cputune/{shares,period,quota,global_period,global_quota,emulator_period,emulator_quota,"
        "iothread_period,iothread_quota}",
        "scheduler",
    ): "control groups",
    ("perf", "perf_events"): "a CPU with performance counters",
    ("devices/hostdev", "attach"): "a device to pass through",
    ("devices/hostdev", "detach"): "a device to pass through",
    ("devices/vsock", "attach"): "the kernel module vhost_vsock",
    ("devices/vsock", "detach"): "the kernel module vhost_vsock",
    ("devices/lease", "attach"): "a lock manager",
    ("devices/lease", "detach"): "a lock manager",
    ("devices/filesystem", "attach"): "virtiofsd",
    ("devices/filesystem", "detach"): "virtiofsd",
    ("devices/memory/target/requested", "update"): "a guest with a driver for virtio-mem",
}
_HEAD = """\
..
  SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
  {licence}: GPL-3.0-or-later

..
  Generated from the table of live changes by tests/setup/live_docs.py.

.. _ansible_collections.declarative.libvirt.docsite.live_changes:

What changes while a guest runs
===============================

Everything in this table is changed at once on a running guest, by the function of libvirt beside
it. What is not in the table is changed in the definition, and waits for the guest's restart. This
is how libvirt's driver for QEMU has it; libvirt and the guest may still refuse, in which case the
change waits too, and the result has the reason.

.. list-table::
   :header-rows: 1
   :widths: 40 30 30

   * - What
     - By
     - If
"""
# In two pieces, or it would be taken for this file's own.
_LICENCE = "SPDX-License-" + "Identifier"


def files() -> dict[str, str]:
    """The generated files, by their path in the collection."""
    rows = [line for row in LIVE_CALLS for line in _row(row)]
    tested = [
        "",
        "Each row is tried on running guests by the tests of this collection, but for those that",
        "need what a test machine does not have:",
        "",
        *(f"* {_row_of(*key).shown}, which needs {needs}" for key, needs in UNTESTED.items()),
        "* the bandwidth of an interface, which needs the kernel's traffic control",
        "* fewer virtual CPUs, which a guest without KVM does not release",
        "",
    ]
    return {PAGE: _HEAD.format(licence=_LICENCE) + "\n".join([*rows, *tested])}


def _row_of(path: str, call: str) -> LiveCall:
    return next(row for row in LIVE_CALLS if (row.path, row.call) == (path, call))


def _row(row: LiveCall) -> list[str]:
    by = ", ".join(f"``{name}``" for name in row.function.split(", "))
    return [
        f"   * - {row.shown[0].upper()}{row.shown[1:]}",
        f"     - {by}",
        f"     - {row.condition}".rstrip(),
    ]


def main(collection: pathlib.Path) -> None:
    for path, text in files().items():
        (collection / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
