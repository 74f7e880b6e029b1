# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: failed.py REPORT

Prints what pytest calls each test that failed in a JUnit file of the family xunit1,
one in a line.
"""

from __future__ import annotations

import sys
from xml.etree import ElementTree


def main(report: str) -> None:
    failed = {
        f"{case.get('file')}::{case.get('name')}": None
        for case in ElementTree.parse(report).iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    }
    for name in failed:
        print(name)


if __name__ == "__main__":
    main(sys.argv[1])
