# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.nwfilter: its options, and what it does."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.nwfilters import nwfilters
from .._manage.nwfilter import Rebuilt, held_by, notes_on, users_of
from .._rules.nwfilter import KIND
from .objects import NAMED_OBJECT, ObjectModule, run_object

SPEC = NAMED_OBJECT
ABOUT = ObjectModule(
    KIND, nwfilters, users_of, notes_on, running=lambda _params: Rebuilt(), held_by=held_by
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    run_object(module, ABOUT)
