# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of modules about one object whose XML is all that there is of it."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  xml:
    description:
      - The document, in the format of libvirt.
      - An object that exists keeps its UUID when the document has none.
      - Documents with a document type declaration, and those above 4 MiB, which libvirt could not transfer, are refused.
    type: str
  src:
    description:
      - The path of a file on the managed host that contains the document.
      - Mutually exclusive with O(xml).
    type: path
  state:
    description:
      - V(present) means that it is defined as in the task.
      - V(absent) means that there is no such object. One that something refers to is removed only with O(force).
    type: str
    choices: [present, absent]
    default: present
  mode:
    description:
      - V(exact) means that the document is the whole truth. What it leaves out is removed, except for what libvirt fills in
        by itself.
      - V(merge) means that only the content of the document is enforced.
      - Used with O(state=present) and a document.
    type: str
    choices: [exact, merge]
    default: exact
  validate:
    description:
      - Check the document against libvirt's schema before anything is touched. With O(mode=merge), the merged document is
        checked. A document that changes nothing is not checked again.
      - The schema is that of the managed host. When the hypervisor runs on another host, or the schema is not installed,
        libvirt checks the document when it is defined, which check mode cannot foresee.
    type: bool
    default: true
  force:
    description:
      - Remove it although something refers to it. A warning names the referring objects.
      - Used with O(state=absent).
    type: bool
    default: false
attributes:
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - Where libvirt does not keep a part of the document, a warning names it, and it does not count as a change.
notes:
  - libvirt has no way to change a definition only if nobody else has changed it meanwhile. The definition is read again
    right before it is written, and if it has changed, the plan is made anew.
"""
