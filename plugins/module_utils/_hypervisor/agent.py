# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions to guests, which may answer late or never."""

from __future__ import annotations

import threading
import time
import typing as t

from .domains import Domain
from .errors import reason
from .libvirt_import import libvirt

#: The number of guests that are asked at the same time. By default libvirtd takes five calls
#: of a client at once (max_client_requests), and one has to stay free.
_AT_ONCE = 4


class Answer(t.NamedTuple):
    """A guest's answer, or the reason why there is none."""

    value: t.Any = None
    reason: str | None = None


def ask(questions: t.Sequence[t.Callable[[], t.Any]], timeout: float) -> list[Answer]:
    """The answers in the order of the questions, after ``timeout`` seconds at the latest.

    libvirt itself waits for some answers of a guest without a limit. So each question has a
    thread that can be abandoned.
    """
    late = f"the guest did not answer within {timeout:g} s"
    answers = [Answer(reason=late) for _question in questions]
    end = time.monotonic() + timeout
    left = iter(range(len(questions)))
    lock = threading.Lock()

    def work() -> None:
        while time.monotonic() < end:
            with lock:
                number = next(left, None)
            if number is None:
                return
            try:
                answers[number] = Answer(questions[number]())
            except libvirt.libvirtError as error:
                answers[number] = Answer(reason=reason(error))

    threads = [
        threading.Thread(target=work, daemon=True)
        for _number in range(min(_AT_ONCE, len(questions)))
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
