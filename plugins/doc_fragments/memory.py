# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option of modules that remember what earlier tasks have found out."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  remember:
    description:
      - Whether what earlier tasks have found out counts. Where libvirt adds, drops or changes something by itself, each task would ask for it
        again and report a change; a remembered one is a warning only. What needed no change before needs no plan.
      - Hashes are kept on the managed host, in C(~/.cache/declarative-libvirt/memory) of the user that the task runs as. Nothing can be read from
        them. Without them everything is found out anew.
      - The environment variable E(DECLARATIVE_LIBVIRT_MEMORY) turns it off for all tasks of a host, when it is V(off).
    type: bool
    default: true
    version_added: 0.2.0
"""
