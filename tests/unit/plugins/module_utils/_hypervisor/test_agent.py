# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import threading
import time
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.agent import (
    ask,
    ask_guests,
    useful_connections,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domain


def test_answers_in_the_order_of_the_questions() -> None:
    answers = ask([functools.partial(int, n) for n in range(20)], 10)
    assert [answer.value for answer in answers] == list(range(20))
    assert ask([], 10) == []


def test_who_never_answers_is_left_behind() -> None:
    never = threading.Event()
    begun = time.monotonic()
    first, second = ask([never.wait, lambda: "here"], 0.2)
    assert time.monotonic() - begun < 2
    assert (first.value, first.reason) == (None, "the guest did not answer within 0.2 s")
    assert second.value == "here"
    never.set()


class Connected:
    """A connection to a hypervisor with guests, as far as questions need it."""

    def __init__(self) -> None:
        self.raw = self

    def lookupByUUIDString(self, uuid: str) -> t.Any:  # noqa: N802  (libvirt's name)
        return Raw(uuid)

    def domain(self, number: int) -> Domain:
        return Domain(t.cast(t.Any, self), Raw(str(number)))


class Raw:
    def __init__(self, uuid: str) -> None:
        self.uuid = uuid

    def name(self) -> str:
        return f"guest-{self.uuid}"

    def UUIDString(self) -> str:  # noqa: N802  (libvirt's name)
        return self.uuid


def test_silent_guests_keep_no_others_waiting() -> None:
    connections: list[t.Any] = [Connected() for _number in range(useful_connections(40))]
    assert len(connections) == 3
    never = threading.Event()
    silent = {"0", "1", "2", "3", "4", "17", "18", "19"}

    def question(domain: Domain) -> str:
        if domain.uuid in silent:
            never.wait()
        return f"{domain.name} by {connections.index(domain.connection)}"

    domains = [connections[0].domain(number) for number in range(40)]
    begun = time.monotonic()
    answers = ask_guests(connections, domains, question, 0.5)
    assert time.monotonic() - begun < 2
    assert {domain.uuid for domain, answer in zip(domains, answers) if answer.reason} == silent
    for domain, answer in zip(domains, answers):
        if answer.reason is None:
            assert answer.value.startswith(f"{domain.name} by ")
    never.set()


def test_no_more_connections_than_are_worth_it() -> None:
    assert [useful_connections(guests) for guests in (1, 4, 5, 8, 9, 1000)] == [1, 1, 2, 2, 3, 3]


def test_what_can_not_be_read_is_an_answer_too() -> None:
    first, second = ask([b"\xff".decode, lambda: "here"], 10)
    assert (first.value, first.reason) == (None, "the guest's answer can't be read")
    assert second.value == "here"
