# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting a network anew so that running guests keep it."""

from __future__ import annotations

import typing as t

from ..._hypervisor.active_object import ActiveObject, networks
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.network_ports import Nic
from ..._rules.network.defaults import has_own_bridge, mode_of
from ..._rules.network.live import as_defined
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..._xmltree.serialise import serialise
from ..errors import TaskError
from .connected import Connected
from .parking import Parking

_NEXT_RUN = "the next run with restart or reconnect brings them back"


class Restart:
    """The new start of one network; ``definition`` is what it starts with.

    ``before`` is the definition that it had before this task, ``None`` if it had none.
    """

    def __init__(
        self, network: ActiveObject, definition: Element, before: Element | None, is_changed: bool
    ) -> None:
        self._network = network
        self._definition = definition
        self._before = before
        self._is_changed = is_changed
        self._connected = Connected(network)
        self._nics = [*self._connected.plugged, *self._connected.parked]

    def check(self, force: bool) -> list[str]:
        """Check that the guests can keep the network; return lines for a person.

        :raises TaskError: they can't; the network is on as before.
        """
        live = self._network.live()
        documents = [self._definition] if live is None else [self._definition, parse(live)]
        if self._nics and not all(map(_has_bridge, documents)):
            raise self._failure(
                f"restart: the NICs {_words(self._nics)} can't be moved away meanwhile, because they have "
                "devices of the host; stop these guests, then run the task again"
            )
        foreign = self._connected.foreign_ports
        if not foreign:
            return []
        words = ", ".join(
            f"port {port.uuid}" + (f" of '{port.domain}'" if port.domain else "")
            for port in foreign
        )
        if not force:
            raise self._failure(
                f"restart: {words} would be cut off, which is of no running guest of this hypervisor; "
                "release it, or set force"
            )
        return [f"{words} was cut off from the network"]

    def carry_out(self) -> ActiveObject:
        """Start the network anew, and return it.

        :raises TaskError: that failed; the message names the NICs that hang.
        """
        with DefinitionLock(self._network.api.noun) as lock:
            lock.acquire(self._network.name)
            return self._carried_out()

    def _carried_out(self) -> ActiveObject:
        parking, network = Parking(self._network), self._network
        old_live = network.live()
        entered = parking.enter(self._connected.plugged)
        if entered.failed:
            raise self._taken_back(parking, entered.nics, f"restart: {entered.words}")
        try:
            network.stop()
        except HypervisorError as error:
            raise self._taken_back(parking, entered.nics, f"restart: {error}") from error.__cause__
        try:
            network.start()
        except HypervisorError as error:
            raise self._started_as_before(parking, old_live, error) from error.__cause__
        left = parking.leave([*self._nics, *self._late(parking)])
        if left.failed:
            raise self._failure(
                f"restart: the network was started anew, but these still wait: {left.words}; {_NEXT_RUN}"
            )
        return network.fresh()

    def _late(self, parking: Parking) -> list[Nic]:
        """The NICs that were plugged in right before the network was stopped, and wait now too."""
        before = {nic.port for nic in self._connected.cut_off}
        found = Connected(self._network.fresh()).cut_off
        return parking.enter([nic for nic in found if nic.port not in before]).nics

    def _taken_back(self, parking: Parking, nics: t.Sequence[Nic], words: str) -> TaskError:
        """The error after NICs were moved back to the network, which was not stopped."""
        left = parking.leave(nics)
        if left.failed:
            return self._failure(f"{words}; these still wait: {left.words}; {_NEXT_RUN}")
        return self._failure(f"{words}; the network was not stopped, and all guests have it")

    def _started_as_before(
        self, parking: Parking, old_live: str | None, error: HypervisorError
    ) -> TaskError:
        """The error after the network was started as it was before, where libvirt does that."""
        words = f"restart: the network can't be started with its new definition: {error}"
        every = networks(self._network.connection)
        try:
            if old_live is not None:
                old = as_defined(parse(old_live), self._before or self._definition)
                every.define(serialise(old), False)
            self._network.start()
        except HypervisorError as other:
            self._define_as_before(every)
            waiting = f"; NICs wait: {_words(self._nics)}; {_NEXT_RUN}" if self._nics else ""
            return TaskError(
                f"{words}; nor as it was before: {other}; it is off{waiting}", changed=True
            )
        self._define_as_before(every)
        left = parking.leave(self._nics)
        if left.failed:
            return TaskError(
                f"{words}; it is on as before, but these still wait: {left.words}; {_NEXT_RUN}",
                changed=True,
            )
        return TaskError(f"{words}; it is on and defined as before, and all guests have it")

    def _define_as_before(self, every: t.Any) -> None:
        """Give it the definition that it had before this task."""
        every.define(serialise(self._before or self._definition), False)

    def _failure(self, words: str) -> TaskError:
        if self._is_changed:
            return TaskError(f"{words}; its definition is as wanted", changed=True)
        return TaskError(words)


def restarted(
    network: ActiveObject,
    force: bool,
    check_mode: bool,
    before: Element | None,
    definition: Element,
    is_changed: bool,
) -> tuple[ActiveObject, list[str]]:
    """The network after it was started anew, and lines for a person about that.

    :raises TaskError: it can't be, or a step failed.
    """
    restart = Restart(network, definition, before, is_changed)
    notes = restart.check(force)
    return (network if check_mode else restart.carry_out()), notes


def _has_bridge(document: Element) -> bool:
    """Whether NICs of the network are on a bridge, and not devices of the host."""
    if has_own_bridge(document):
        return True
    return mode_of(document) == "bridge" and document.value("bridge/@name") is not None


def _words(nics: t.Iterable[Nic]) -> str:
    return ", ".join(nic.words for nic in nics)
