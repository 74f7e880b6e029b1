# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing an object, and what a task takes away with it."""

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
from .outcome import CONFIG, Action, Outcome

#: The users of an object, each in words such as ``domain 'web'``.
UsersOf = t.Callable[[ObjectT], t.Sequence[str]]


class Removal(t.Generic[ObjectT]):
    """What goes with an object: for most kinds nothing but its definition.

    ``beside`` is the subject of its actions, in words.
    """

    beside = ""

    def actions(self, found: ObjectT) -> tuple[Action, ...]:
        """What else goes.

        :raises TaskError: that can't go; nothing was done.
        """
        return ()

    def remove(self, found: ObjectT) -> None:
        """Remove it all.

        :raises HypervisorError: libvirt refuses.
        :raises TaskError: a part of it is gone already; the message says what.
        """
        found.remove()


def ensure_absent(
    objects: Objects[ObjectT],
    kind: Kind,
    name: str,
    users_of: UsersOf[ObjectT],
    held_by: UsersOf[ObjectT],
    force: bool,
    check_mode: bool,
    removal: Removal[ObjectT] | None = None,
) -> Outcome:
    """Undefine the object; an object in use only with ``force``.

    ``held_by`` gives the users with which libvirt refuses to remove it. ``removal`` is what goes
    with it.

    :raises TaskError: something uses it; nothing was done.
    :raises HypervisorError: libvirt refuses; nothing was done.
    """
    removal = Removal() if removal is None else removal
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
        actions = removal.actions(found)
        if not check_mode:
            removal.remove(found)
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
        actions=actions,
        beside=removal.beside,
        notes=notes,
    )
