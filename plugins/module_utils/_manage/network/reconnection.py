# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing back NICs of running guests that were cut off from their network."""

from __future__ import annotations

from ..._hypervisor.active_object import ActiveObject
from ..._hypervisor.network_ports import Nic
from ..errors import TaskError
from ..outcome import LIVE, Action
from .connected import Connected
from .parking import Parking


class Reconnection:
    """The NICs that a network has lost: those that a restart has left waiting, and others.

    ``heals_all``: also those that nobody has left waiting.
    """

    def __init__(self, network: ActiveObject, heals_all: bool) -> None:
        self._network = network
        self._parking = Parking(network)
        connected = Connected(network)
        self._waiting = connected.parked
        self._cut_off = connected.cut_off
        self._healed = self._cut_off if heals_all else []

    @property
    def waits(self) -> bool:
        """Whether a restart has failed, and NICs may wait for the network."""
        return self._parking.is_there

    def actions(self) -> tuple[Action, ...]:
        """What is to be done."""
        rows = [(nic, "waiting") for nic in self._waiting]
        rows += [(nic, "cut off") for nic in self._healed]
        actions = [Action(_path(nic), before, "connected", LIVE) for nic, before in rows]
        if self.waits and not self._waiting:
            actions.append(Action("parking", "left", None, LIVE))
        return tuple(actions)

    def notes(self) -> list[str]:
        """Lines about the NICs that stay cut off."""
        left = [nic.words for nic in self._cut_off if nic not in self._healed]
        if not left:
            return []
        return [
            f"cut off from it, because it was stopped and started again: {', '.join(left)}; set reconnect, "
            "or start the guests anew"
        ]

    def carry_out(self, is_changed: bool) -> None:
        """Plug the NICs in again.

        :raises TaskError: some could not be; the message names them.
        :raises HypervisorError: libvirt can't be asked.
        """
        entered = self._parking.enter(self._healed)
        left = self._parking.leave([*self._waiting, *entered.nics])
        failed = [moved.words for moved in (entered, left) if moved.failed]
        if failed:
            raise TaskError(
                f"reconnect: not all NICs are connected again: {', '.join(failed)}; run the task again",
                changed=is_changed or bool(left.nics),
            )


def _path(nic: Nic) -> str:
    return f"nic {nic.words}"
