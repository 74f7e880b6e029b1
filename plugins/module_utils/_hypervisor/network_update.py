# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changing a network that is on, by virNetworkUpdate."""

from __future__ import annotations

import typing as t

from .._rules.network.updates import DESCRIBE, Update
from .._xmltree.serialise import serialise
from .active_object import ActiveObject
from .errors import HypervisorError, LostConnection, reason
from .libvirt_import import libvirt
from .live_calls import CALLS

_9_7 = 9_007_000


def update_live(network: ActiveObject, updates: t.Sequence[Update]) -> str | None:
    """Make the calls for one list; return libvirt's reason if it refuses one.

    Those before it are taken back then.

    :raises HypervisorError: the connection was lost, or what was taken out could not be put back.
    """
    done: list[Update] = []
    for update in updates:
        try:
            _call(network, update)
        except HypervisorError as error:
            if isinstance(error, LostConnection):
                raise
            refused = reason(error.__cause__)
            _take_back(network, done, refused)
            return refused
        done.append(update)
    return None


def _take_back(network: ActiveObject, done: t.Sequence[Update], refused: str) -> None:
    for update in reversed(done):
        try:
            _call(network, update.undone())
        except HypervisorError as error:
            raise HypervisorError(
                f"libvirt refused a live change ({refused}), and then to take back what was made for "
                f"it: {error}"
            ) from error.__cause__


def describes(network: ActiveObject) -> bool:
    """Whether there is virNetworkSetMetadata, which came with libvirt 9.7."""
    return hasattr(network.raw, "setMetadata") and network.connection.version() >= _9_7


def _call(network: ActiveObject, update: Update) -> None:
    if update.command == DESCRIBE:
        with network.connection.explained("change it live"):
            # virNetworkMetadataType and virDomainMetadataType have the same numbers.
            CALLS[update.section](network, update.after, update.before)
        return
    command = getattr(libvirt, f"VIR_NETWORK_UPDATE_COMMAND_{update.command}")
    section = getattr(libvirt, f"VIR_NETWORK_SECTION_{update.section}")
    document = serialise(update.given, indent=None)
    with network.connection.explained("change it live"):
        network.raw.update(
            command, section, update.parent, document, libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE
        )
