# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Going back to a snapshot, and what is lost with it."""

from __future__ import annotations

import typing as t

from ..._choices import EXACT
from ..._hypervisor import snapshots as calls
from ..._hypervisor.checkpoints import checkpoints
from ..._hypervisor.power import is_saved
from ..._hypervisor.snapshots import Kept, kept_snapshots
from ..._reconcile.plan import Plan
from ..._reconcile.reconcile import reconcile
from ..._rules.domain.book import DOMAIN
from ..._rules.snapshot import (
    DISK_SNAPSHOT,
    EXTERNAL,
    INTERNAL,
    NO,
    REVERTS_EXTERNAL,
    definition_then,
    kind_of,
)
from ..._rules.versions import version_words
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action, Outcome
from .snapshot_images import check_present
from .snapshot_plan import AS_THEN, firmware_of
from .snapshot_users import check_revert

if t.TYPE_CHECKING:
    from .snapshot import SnapshotTask

_OFF = ("shutoff", DISK_SNAPSHOT, "crashed")
_MOST = 8
#: The parts of a disk that an external snapshot changes.
_IMAGE = ("/source", "/driver", "/backingStore")


def revert(task: SnapshotTask) -> Outcome:
    """Go back to the snapshot of the request.

    :raises TaskError: something would be lost that the task doesn't confirm, or libvirt can't.
    """
    request, domain, found = task.request, task.existing, task.found
    if found is None:
        known = ", ".join(kept.snapshot.name for kept in task.kept) or "none"
        raise TaskError(
            f"name: the domain has no snapshot '{request.name}'; it has {known}; correct the name"
        )
    if request.only_if_not_current and found.snapshot.current:
        return task.outcome()
    _check_possible(task, found)
    then = definition_then(found.document)
    check_revert(domain, found, then, domain.document())
    if then is not None:
        inside = [
            disk.get("name") or ""
            for disk in found.document.findall("disks/disk")
            if disk.get("snapshot") == INTERNAL
        ]
        check_present(domain, request.name, then, inside)
    saved = is_saved(domain)
    plan = _plan(task, found)
    lost = _lost(plan)
    if saved:
        lost.append("the saved state of the guest")
    if lost and not request.is_confirmed:
        raise TaskError(
            f"confirm: reverting to '{request.name}' loses {'; '.join(lost)}; set confirm to true if that may go"
        )
    task.notes += [f"reverting loses {line}" for line in lost]
    stays = _staying(found, domain.document())
    if stays:
        task.notes.append(f"the snapshot has no memory, so that {' and '.join(stays)} as now")
    if plan.changes:
        task.changes_definition(domain.document(), plan)
    facts = domain.facts()
    after = _state_after(found, request.power)
    current = _current_name(task)
    # What came since is unknown, and goes.
    before = "what came since" if current is None else f"{current}, and what came since"
    is_live = facts.active or after != "shutoff"
    task.actions.append(
        Action("current snapshot", before, request.name, LIVE if is_live else CONFIG)
    )
    if saved:
        task.actions.append(Action("saved state", "there", None, CONFIG))
    if facts.state != after:
        task.actions.append(Action("state", facts.state, after, LIVE))
    if task.check_mode:
        # The number of a guest that starts is unknown.
        number = facts.id if after != "shutoff" and facts.active else None
        return task.outcome()._replace(facts=facts._replace(state=after, id=number))
    calls.revert(domain, request.name, request.power)
    if saved:
        # The next start would go on with the memory of one time and the disks of another.
        calls.forget_saved(domain)
    _verify(task)
    return task.outcome()


def _check_possible(task: SnapshotTask, found: Kept) -> None:
    """:raises TaskError: libvirt can't, or would destroy an image."""
    domain, name = task.existing, task.request.name
    if not domain.facts().persistent:
        raise TaskError(
            "domain: it is transient, and libvirt reverts only what is defined; define it with domain_xml first"
        )
    version = domain.connection.version()
    kind = kind_of(found.document)
    noting = [each.name for each in checkpoints(domain)]
    named = f"the checkpoint{'s' if len(noting) > 1 else ''} {', '.join(noting)}"
    if kind == EXTERNAL and version < REVERTS_EXTERNAL:
        # A checkpoint is what makes the first snapshot of a running guest external.
        internal = (
            f"; the next snapshot can be internal without {named}, which state: absent of domain_checkpoint deletes while the "
            "guest runs"
            if noting
            else ""
        )
        raise TaskError(
            f"name: '{name}' is external, and libvirt {version_words(version)} can't go back to an external snapshot; update libvirt to 9.9, "
            f"or put the images back by hand{internal}"
        )
    if kind == INTERNAL and found.snapshot.state not in _OFF and noting:
        raise TaskError(
            f"name: the domain has {named}, and QEMU ends when it goes "
            f"back to a snapshot with memory then; delete {'them' if len(noting) > 1 else 'it'} first with state: absent of "
            "domain_checkpoint, while the guest runs; the next backup is full after that"
        )
    if kind == INTERNAL:
        above = [
            kept.snapshot.name
            for kept in task.kept
            if kind_of(kept.document) == EXTERNAL and _is_above(task, kept, name)
        ]
        if above:
            raise TaskError(
                f"name: '{name}' is internal, and the external snapshot{'s' if len(above) > 1 else ''} {', '.join(above)} on "
                "top of it would be cut off, and libvirt 10.10 deletes the base image with them; remove "
                f"{'those' if len(above) > 1 else 'that'} first"
            )


def _is_above(task: SnapshotTask, kept: Kept, name: str) -> bool:
    parent, seen = kept.snapshot.parent, set()
    while parent is not None and parent not in seen:
        if parent == name:
            return True
        seen.add(parent)
        its = task.by_name(parent)
        parent = None if its is None else its.snapshot.parent
    return False


def _lost(plan: Plan) -> list[str]:
    """What is lost beside what was written to the disks since, in words."""
    paths = list(dict.fromkeys(change.path for change in plan.changes))
    if not paths:
        return []
    more = f" and {len(paths) - _MOST} more" if len(paths) > _MOST else ""
    return [f"later changes of the definition ({', '.join(paths[:_MOST])}{more})"]


def _plan(task: SnapshotTask, found: Kept) -> Plan:
    """How the definition becomes that of then; the overlays of the snapshots are no change of it."""
    now = task.existing.document()
    # With its secrets, as libvirt brings them back too: a password that stays isn't lost.
    then = definition_then(parse(calls.document_of(task.existing, found.snapshot.name)))
    if then is None:
        return Plan((), now)
    plan = reconcile(then, now, DOMAIN, EXACT)
    own = {target for kept in task.kept for target in kept.external.overlays}
    changes = tuple(
        change
        for change in plan.changes
        # The image of a disk with snapshots is theirs.
        if not (
            any(f"disk[target/@dev='{target}']" in change.path for target in own)
            and any(part in change.path for part in _IMAGE)
        )
    )
    return Plan(changes, plan.document if changes else now)


def _staying(found: Kept, now: Element) -> list[str]:
    """What a guest keeps outside of its disks, in words.

    A snapshot without memory has images alone, and variables of UEFI in raw are none.
    """
    if (found.document.value("memory/@snapshot") or NO) != NO:
        return []
    variables = firmware_of(now) == "raw"
    tpm = now.value("devices/tpm/backend/@type") == "emulator"
    return [
        words
        for words, is_there in (
            ("the variables of its UEFI stay", variables),
            ("the state of its TPM stays", tpm),
        )
        if is_there
    ]


def _state_after(found: Kept, power: str) -> str:
    if power != AS_THEN:
        return power
    state = found.snapshot.state or "shutoff"
    return "shutoff" if state in _OFF else state


def _current_name(task: SnapshotTask) -> str | None:
    return next((kept.snapshot.name for kept in task.kept if kept.snapshot.current), None)


def _verify(task: SnapshotTask) -> None:
    """:raises TaskError: libvirt has not gone back to it."""
    domain = task.existing.fresh()
    now = {kept.snapshot.name: kept.snapshot for kept in kept_snapshots(domain)}
    name = task.request.name
    if name not in now or not now[name].current:
        raise TaskError(
            f"libvirt said that it went back to '{name}', and that isn't the current snapshot; see libvirt's log",
            changed=True,
        )
    gone = [kept.snapshot.name for kept in task.kept if kept.snapshot.name not in now]
    if gone:
        task.notes.append(f"libvirt has removed the snapshots {', '.join(gone)}")
