# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installing an existing domain once more: when that may be, and what is said of it."""

from __future__ import annotations

from ..._choices import NEVER, STOPPED
from ..._hypervisor import power
from ..._hypervisor.domains import Domain
from ..._reconcile.domain.installation import label_of
from ..._virtinst.reinstall import Reinstallation, overwritten
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action
from .install import is_installing
from .power import change_state
from .request import Request


def installs_already(domain: Domain, label: str) -> bool:
    """Whether its guest runs the installer of this label."""
    live = domain.live()
    return live is not None and label_of(parse(live)) == label and is_installing(domain)


def check_possible(domain: Domain, request: Request) -> None:
    """:raises TaskError: the domain can't be installed once more now."""
    if not domain.facts().persistent:
        raise TaskError("reinstall: the guest has no definition to go back to; define it first")
    if power.is_saved(domain):
        raise TaskError(
            "reinstall: its state is saved, and would go on with disks that the installer has changed; "
            "make it run with state: running, or drop that with virsh managedsave-remove"
        )
    if domain.facts().active and request.restart == NEVER:
        raise TaskError(
            "reinstall: the guest runs, and its disks may be overwritten; set restart to if_required to "
            "have it stopped for that, or stop it first"
        )


def stop(domain: Domain, request: Request) -> None:
    """Stop the guest, if it runs, as the task allows it.

    :raises HypervisorError: it doesn't stop, and may not be switched off.
    """
    facts = domain.facts_now()
    if facts.active:
        change_state(domain, facts, STOPPED, request.shutdown)


def reinstall_action(
    again: Reinstallation, before: Element, document: Element, is_off: bool
) -> Action:
    """The change as tasks return it: what the guest is installed from, and the disks in danger."""
    disks = overwritten(document)
    risk = f"the installer may overwrite {', '.join(disks)}" if disks else "it has no disk"
    end = "" if is_off else "; the guest that runs is stopped"
    earlier = label_of(before)
    text = f"from {again.source}; {risk}{end}"
    return Action("installation", earlier, text, CONFIG if is_off else LIVE)
