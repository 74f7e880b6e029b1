# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory import (
    hypervisors,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.guests import (
    Guest,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.inventory.wish import (
    Source,
    Wish,
)

#: They answer keepalive messages, but not the question.
_HANGS = "qemu://user:Oh6eiGh3@hangs/system"
_SLOW, _FAILS, _FAULT, _WORKS = (
    f"qemu://{host}/system" for host in ("slow", "fails", "fault", "works")
)


class Connected(t.NamedTuple):
    uri: str


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[threading.Event]:
    event = threading.Event()

    @contextlib.contextmanager
    def connected(uri: str, *_others: object) -> t.Iterator[Connected]:
        if uri == _FAILS:
            raise HypervisorError("it is down; start it")
        yield Connected(uri)

    def guests(
        connection: Connected, _wish: Wish, _reopen: object, progress: t.Callable[[], None]
    ) -> list[Guest]:
        if connection.uri == _HANGS:
            event.wait()
        if connection.uri == _FAULT:
            raise KeyError("state")
        for _number in range(6 if connection.uri == _SLOW else 0):
            time.sleep(0.2)
            progress()
        return [Guest({"name": connection.uri})]

    monkeypatch.setattr(hypervisors, "connected", connected)
    monkeypatch.setattr(hypervisors, "guests", guests)
    monkeypatch.setattr(hypervisors, "_SLACK", 0.2)
    yield event
    event.set()


def test_each_answers_for_itself(never: threading.Event) -> None:
    uris = [_HANGS, _SLOW, _FAILS, _FAULT, _WORKS]
    begun = time.monotonic()
    wish = Wish(timeout=0.6, agent_timeout=0.1)
    hangs, slow, fails, fault, works = hypervisors.read_all([Source(uri) for uri in uris], wish)
    assert time.monotonic() - begun < 5
    for answer, uri in ((slow, _SLOW), (works, _WORKS)):
        assert (answer["error"], answer["uri"]) == (None, uri)
        assert [guest["facts"]["name"] for guest in answer["guests"]] == [uri]
    assert fails["error"] == "it is down; start it"
    assert fault["error"] == "KeyError: 'state'"
    assert "in guests" in fault["traceback"]
    assert "has answered nothing for 0.8 s" in hangs["error"]
    assert "Oh6eiGh3" not in repr(hangs)
    assert (hangs["host"], hangs["guests"]) == ("hangs", [])
