# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions to guests, which may answer late or never."""

from __future__ import annotations

import threading
import time
import typing as t

from .connection import Connection
from .domains import Domain
from .errors import reason
from .libvirt_import import libvirt

#: The number of guests that are asked at the same time. By default libvirtd takes five calls
#: of a client at once (max_client_requests), and one has to stay free.
_AT_ONCE = 4
#: libvirtd has 20 threads for the calls of all clients (max_workers), and a silent guest keeps
#: one of them: with 12 there are some for others.
_MOST_CONNECTIONS = 3


class Answer(t.NamedTuple):
    """A guest's answer, or the reason why there is none."""

    value: t.Any = None
    reason: str | None = None


def ask(questions: t.Sequence[t.Callable[[], t.Any]], timeout: float) -> list[Answer]:
    """The answers in the order of the questions, after ``timeout`` seconds at the latest.

    libvirt itself waits for some answers of a guest without a limit. So each question has a
    thread that can be abandoned.
    """
    return _answers(lambda _lane, number: questions[number](), len(questions), _AT_ONCE, timeout)


def ask_guests(
    connections: t.Sequence[Connection],
    domains: t.Sequence[Domain],
    question: t.Callable[[Domain], t.Any],
    timeout: float,
) -> list[Answer]:
    """As :func:`ask`, with one question to each guest, over several connections.

    The more connections there are, the more silent guests it takes until others wait for them.
    """

    def answer(lane: int, number: int) -> t.Any:
        domain, connection = domains[number], connections[lane // _AT_ONCE]
        if domain.connection is not connection:
            domain = Domain(connection, connection.raw.lookupByUUIDString(domain.uuid))
        return question(domain)

    return _answers(answer, len(domains), len(connections) * _AT_ONCE, timeout)


def useful_connections(guests: int) -> int:
    """The number of connections that are worth opening to ask so many guests."""
    return max(1, min(_MOST_CONNECTIONS, -(-guests // _AT_ONCE)))


def _answers(
    answer: t.Callable[[int, int], t.Any], count: int, lanes: int, timeout: float
) -> list[Answer]:
    """The answers to questions by number. ``answer`` gets the number of its lane, too."""
    late = f"the guest did not answer within {timeout:g} s"
    answers = [Answer(reason=late) for _number in range(count)]
    end = time.monotonic() + timeout
    left = iter(range(count))
    lock = threading.Lock()

    def work(lane: int) -> None:
        while time.monotonic() < end:
            with lock:
                number = next(left, None)
            if number is None:
                return
            try:
                answers[number] = Answer(answer(lane, number))
            except libvirt.libvirtError as error:
                answers[number] = Answer(reason=reason(error))
            except ValueError:
                # A guest may answer anything, such as bytes that are no text.
                answers[number] = Answer(reason="the guest's answer can't be read")

    threads = [
        threading.Thread(target=work, args=(lane,), daemon=True)
        # The connections get equally many.
        for lane in sorted(range(lanes), key=lambda lane: lane % _AT_ONCE)[:count]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    # Later answers don't count.
    return list(answers)


def guest_info(domain: Domain) -> dict[str, t.Any]:
    """The facts from the guest's agent, by the names of virDomainGetGuestInfo.

    :raises libvirtError: the agent can't be asked.
    """
    return dict(domain.raw.guestInfo(0, 0))


def guest_hostname(domain: Domain) -> str | None:
    """The guest's own name, from its agent.

    :raises libvirtError: the agent can't be asked.
    """
    name = domain.raw.guestInfo(libvirt.VIR_DOMAIN_GUEST_INFO_HOSTNAME, 0).get("hostname")
    return None if name is None else str(name)
