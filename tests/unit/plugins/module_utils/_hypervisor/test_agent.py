# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import threading
import time

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.agent import ask


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
