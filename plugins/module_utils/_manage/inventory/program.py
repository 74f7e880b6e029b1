# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The program that reads hypervisors: a request on standard input, the answer on standard output."""

from __future__ import annotations

import json
import os
import signal
import sys

from ..._hypervisor.libvirt_import import LIBVIRT_IMPORT_ERROR
from ..._xmltree.lxml_import import LXML_IMPORT_ERROR


def main() -> None:
    """Answer, and end at once: threads may be waiting for hypervisors that are silent."""
    output = os.fdopen(os.dup(1), "w", encoding="ascii")
    # Whatever else is printed, such as by ssh, is no part of the answer.
    os.dup2(2, 1)
    missing = [
        library
        for library, error in (
            ("libvirt-python", LIBVIRT_IMPORT_ERROR),
            ("lxml", LXML_IMPORT_ERROR),
        )
        if error is not None
    ]
    if missing:
        answer: dict[str, object] = {"failed": f"lacks {' and '.join(missing)}"}
    else:
        from .hypervisors import read_all
        from .wish import from_json

        answer = {"hypervisors": read_all(*from_json(json.load(sys.stdin)))}
    json.dump(answer, output)
    output.flush()
    # It leads a group of its own; what silent hypervisors have left of it, such as ssh, ends.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)
