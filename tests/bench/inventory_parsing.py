# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints how long Ansible takes to parse an inventory, in seconds, once it has started.

Usage: python -m tests.bench.inventory_parsing FILE HOSTS

Ansible's loader of collections has to come before the first import of one.
"""

from __future__ import annotations

import sys

from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader

from .measure import timed


def main(path: str, hosts: int) -> None:
    init_plugin_loader([])

    def parse() -> None:
        found = len(InventoryManager(loader=DataLoader(), sources=[path]).hosts)
        if found != hosts:
            sys.exit(f"{path} has {found} hosts instead of {hosts}")

    print(timed(parse))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
