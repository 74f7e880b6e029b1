# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing an object that consists of its definition alone."""

from __future__ import annotations

import typing as t

from .._choices import ABSENT
from .._hypervisor.definition_lock import DefinitionLock
from .._hypervisor.objects import Facts, Objects, ObjectT
from .._reconcile.plan import Change
from .._reconcile.redact import redacted
from .._rules.kind import Kind
from .._xmltree.serialise import serialise
from .errors import TaskError
from .outcome import CONFIG, Outcome

#: The users of an object, each in words such as ``domain 'web'``.
UsersOf = t.Callable[[ObjectT], t.Sequence[str]]


def ensure_absent(
    objects: Objects[ObjectT],
    kind: Kind,
    name: str,
    users_of: UsersOf[ObjectT],
    held_by: UsersOf[ObjectT],
    force: bool,
    check_mode: bool,
) -> Outcome:
    """Undefine the object; an object in use only with ``force``.

    ``held_by`` gives the users with which libvirt refuses to remove it.

    :raises TaskError: something uses it; nothing was done.
    :raises HypervisorError: libvirt refuses; nothing was done.
    """
    found = objects.find(name)
    if found is None:
        return Outcome(Facts(objects.api, name, None, ABSENT))
    with DefinitionLock(objects.api.noun) as lock:
        if not check_mode:
            lock.acquire(found.name)
        users = users_of(found)
        if users and not force:
            raise TaskError(
                f"it is used by {', '.join(users)}; change {'them' if len(users) > 1 else 'that'} "
                "first, or set force to remove it all the same"
            )
        held = held_by(found) if users else ()
        if held:
            raise TaskError(
                f"force: libvirt doesn't remove it while {', '.join(held)} runs with it; stop the guest, "
                "or take the reference out of it"
            )
        definition = found.document()
        if not check_mode:
            found.remove()
    shown = serialise(redacted(definition, kind.book.top), indent=None)
    notes = (
        (
            f"it was used by {', '.join(users)}; remove the references, or nothing with one can start",
        )
        if users
        else ()
    )
    return Outcome(
        Facts(objects.api, found.name, found.uuid, ABSENT),
        changes=(Change(f"/{kind.tag}", "remove", shown, None).as_result(CONFIG),),
        before=definition,
        kind=kind,
        notes=notes,
    )
