# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running guests that are changed while something goes wrong.

The daemon and the guests are real, and are really ended. Only the moment is arranged:
just before one of the calls that change the guest.
"""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import (
    detaching,
    live_apply,
    live_calls,
    stopping,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain_state
from lxml import etree

from .hypervisor import Hypervisor, Result, task, task_of
from .live_cases import DOCUMENT

pytestmark = pytest.mark.usefixtures("live_surroundings")
NAME = "live"
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}


@pytest.fixture
def before_call(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[int, t.Callable[[], None]], None]:
    """Let something happen right before the call with this number, counted from one."""

    def arrange(number: int, event: t.Callable[[], None]) -> None:
        events = [*[None] * (number - 1), event]
        calls = {name: _counted(call, events) for name, call in live_calls.CALLS.items()}
        monkeypatch.setattr(live_apply, "CALLS", calls)

    return arrange


def _counted(call: t.Any, events: list[t.Callable[[], None] | None]) -> t.Any:
    def counted(*arguments: t.Any) -> None:
        event = events.pop(0) if events else None
        if event is not None:
            event()
        call(*arguments)

    return counted


#: Five changes, each by a call of its own.
FIVE = (
    DOCUMENT.replace("<title>First<", "<title>Second<")
    .replace("<description>One guest<", "<description>Another<")
    .replace("<on_reboot>restart<", "<on_reboot>destroy<")
    .replace("passwd='first'", "passwd='second'")
    .replace("period='5'", "period='7'")
)


def test_the_connection_is_lost_between_five_changes(
    hypervisor: Hypervisor, before_call: t.Any
) -> None:
    hypervisor.raw.defineXML(DOCUMENT).create()
    predicted = task(xml=FIVE, check=True)
    paths = [change["path"] for change in predicted.values["changes"]]
    assert len(paths) == 5
    before_call(3, hypervisor.kill_daemon)
    try:
        result = task(xml=FIVE)
    finally:
        hypervisor.start_daemon()
    assert result.failed
    assert result.changed
    assert result.msg.startswith("domain 'live': its definition is as wanted, but not all")
    made, left = re.findall(r"made: ([^;]*); not made, or unknown: ([^;]*)", result.msg)[0]
    made, left = made.split(", "), left.split(", ")
    assert (len(made), len(left)) == (2, 3)
    assert sorted(made + left) == sorted(paths)
    assert "the next run completes it" in result.msg
    # What it says is so, and the definition is whole.
    waiting = task(xml=FIVE, check=True)
    assert {change["path"] for change in waiting.values["changes"]} == set(left)
    assert [one for one in waiting.values["changes"] if one["when"] != "live"] == []
    completed = task(xml=FIVE)
    assert completed.changed
    assert completed.values["pending"] == []
    assert not task(xml=FIVE).changed


RNG = DOCUMENT.replace(
    "</devices>", "<rng model='virtio'><backend model='random'/></rng></devices>"
)


def test_the_daemon_is_restarted_while_a_device_is_detached(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hypervisor.raw.defineXML(RNG).create()
    asked = detaching._ask

    def ask_then_restart(*arguments: t.Any) -> None:
        asked(*arguments)
        hypervisor.kill_daemon()
        hypervisor.start_daemon()

    with monkeypatch.context() as patch:
        patch.setattr(detaching, "_ask", ask_then_restart)
        result = task(xml=DOCUMENT, live_timeout=5)
    assert result.failed
    assert result.changed
    assert "not made, or unknown: /domain/devices/rng" in result.msg
    assert "<rng" not in hypervisor.definition(NAME)
    again = task(xml=DOCUMENT, live_timeout=1)
    assert not again.failed
    assert [one["path"] for one in again.values["pending"]] == ["/domain/devices/rng"]


def test_the_guest_is_killed_while_it_is_changed(
    hypervisor: Hypervisor, before_call: t.Any
) -> None:
    domain = hypervisor.raw.defineXML(DOCUMENT)
    domain.create()
    before_call(2, domain.destroy)
    result = task(xml=FIVE)
    assert not result.failed, result.msg
    assert result.values["domain"]["state"] == "shutoff"
    assert result.values["pending"] == []
    assert {change["when"] for change in result.values["changes"]} == {"config"}
    definition = etree.fromstring(hypervisor.definition(NAME))
    assert definition.findtext("title") == "Second"
    assert not task(xml=FIVE).changed


def test_the_guest_is_killed_while_it_is_stopped(
    hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = hypervisor.raw.defineXML(DOCUMENT)
    domain.create()

    def killed(_guest: t.Any, _method: str) -> None:
        domain.destroy()

    monkeypatch.setattr(stopping._Guest, "_request", killed)
    result: Result = task_of(
        domain_state, name=NAME, state="stopped", shutdown={"method": ["acpi"], "timeout": 5}
    )
    assert not result.failed
    assert result.values["domain"]["state"] == "shutoff"
