# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Questions to guests, which may take their time or never answer."""

from __future__ import annotations

import dataclasses
import threading
import time
import typing as t

from .domains import Domain
from .errors import reason
from .libvirt_import import libvirt

#: How many guests are asked at the same time. libvirtd takes five calls of a client at
#: once by default (max_client_requests), and one has to be left for others.
_AT_ONCE = 4


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a guest has said, or the reason why nothing is known of it."""

    value: t.Any = None
    reason: str | None = None


def ask(questions: t.Sequence[t.Callable[[], t.Any]], timeout: float) -> list[Answer]:
    """The answers in the order of the questions, after ``timeout`` seconds at the latest.

    libvirt itself waits for some answers of a guest without an end, so each question
    has a thread that can be left behind.
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
        threading.Thread(target=work, daemon=True) for _one in range(min(_AT_ONCE, len(questions)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    # What arrives from now on is too late.
    return list(answers)


def guest_info(domain: Domain) -> dict[str, t.Any]:
    """What the guest's agent tells, by the names of virDomainGetGuestInfo.

    :raises libvirtError: it can't be asked.
    """
    return dict(domain.raw.guestInfo(0, 0))
