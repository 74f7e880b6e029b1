# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What snapshots and checkpoints have in common; libvirt calls both moments of a domain."""

from __future__ import annotations

import typing as t

from ..._hypervisor.errors import HypervisorError
from ..._xmltree.element import Element, with_child
from ..._xmltree.parse import parse
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from ..outcome import Action


def described(text: str, description: str) -> str:
    """The document of a moment with another description; an empty one leaves it out."""
    document = parse(text)
    rest = [child for child in document.children if child.tag != "description"]
    document = document.replaced(children=rest)
    if description:
        document = with_child(document, Element("description", {}, description))
    return serialise(document)


def carried_out(done: t.Sequence[Action], work: t.Callable[[], None]) -> None:
    """Do one of several things, after those that are ``done``.

    :raises TaskError, HypervisorError: it fails; the error names what is done.
    """
    try:
        work()
    except (HypervisorError, TaskError) as error:
        if not done:
            raise
        names = ", ".join(action.path for action in done)
        raise TaskError(f"{names} is done, but {error}", changed=True) from error
