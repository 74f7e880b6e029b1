# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules can do in check mode, in diff mode, and when run again."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Predicts exactly what a real run would change, and changes nothing.
  diff_mode:
    description: Shows what changes, or what would change in check mode, in libvirt's own XML.
  idempotent:
    description:
      - A second run with the same arguments reports no change and makes no change, unless something else changed the
        object in between.
"""

    # Beside the standard fragment, in modules that only read.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
    details:
      - This module changes nothing.
"""

    ACTIONGROUP_LIBVIRT = r"""
options: {}
attributes:
  action_group:
    description: Options set for C(group/declarative.libvirt.libvirt) in C(module_defaults) apply to this module.
    support: full
    membership:
      - declarative.libvirt.libvirt
"""
