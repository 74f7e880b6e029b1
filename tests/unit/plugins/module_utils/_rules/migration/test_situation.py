# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from where a domain is on two hosts."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.situation import (
    ABSENT,
    ACTIVE,
    ARRIVED,
    BOTH,
    LEFT,
    MOVE,
    NOWHERE,
    OFF,
    TWICE,
    Presence,
    is_half,
    is_leftover,
    is_postcopy,
    situation,
    words_of_both,
    words_of_half,
)

CASES = {
    (ABSENT, ABSENT): NOWHERE,
    (ABSENT, OFF): ARRIVED,
    (ABSENT, ACTIVE): ARRIVED,
    (OFF, ABSENT): MOVE,
    (OFF, OFF): TWICE,
    (OFF, ACTIVE): LEFT,
    (ACTIVE, ABSENT): MOVE,
    (ACTIVE, OFF): MOVE,
    (ACTIVE, ACTIVE): BOTH,
}


@pytest.mark.parametrize("case", list(itertools.product((ABSENT, OFF, ACTIVE), repeat=2)))
def test_each_pair(case):
    source, destination = case
    assert situation(Presence(source), Presence(destination)) == CASES[case]


def active(state="running", reason="booted", job=None):
    return Presence(ACTIVE, state, reason, job)


@pytest.mark.parametrize(
    ("source", "destination", "words"),
    [
        (active(), active(), "both may write the same disks; switch one of them off at once"),
        (active(), active("paused"), "usually that on two, which doesn't run"),
        (active("paused"), active(), "usually that on one, which doesn't run"),
        (active(job="an outgoing migration"), active("paused"), "is in progress; wait until"),
        (active(), active("paused", "migration"), "has a guest that never ran; run the task again"),
        (active("paused", "postcopy_failed"), active(), "with postcopy: true, which resumes"),
        # libvirt keeps the jobs of what has failed.
        (
            active("paused", "postcopy_failed", "an outgoing migration"),
            active("running", "postcopy_failed", "an incoming migration"),
            "with postcopy: true, which resumes",
        ),
        (
            active("paused", "postcopy", "an outgoing migration"),
            active("running", "postcopy", "an incoming migration"),
            "is in progress; wait until",
        ),
    ],
)
def test_the_words_about_two_guests(source, destination, words):
    assert words in words_of_both(source, destination, "one", "two")


def test_a_post_copy_migration_that_stands_still():
    assert is_postcopy(active("paused", "postcopy_failed"), active())
    assert is_postcopy(active("paused", "postcopy"), active("running", "postcopy_failed"))
    assert is_postcopy(active("paused", "postcopy"), active())
    assert not is_postcopy(active("paused", "postcopy", "an outgoing migration"), active())
    assert not is_postcopy(active("paused", "user"), active())
    assert not is_postcopy(active(), active("paused", "postcopy_failed"))


@pytest.mark.parametrize("where", [ABSENT, OFF])
def test_a_part_is_left(where):
    failed = active("paused", "postcopy_failed", "an outgoing migration")
    assert is_half(failed, Presence(where))
    assert not is_half(failed, active("running", "postcopy_failed"))
    assert is_half(active("paused", "postcopy"), Presence(where))
    assert not is_half(active("paused", "migration"), Presence(where))
    assert not is_postcopy(failed, Presence(where))
    words = words_of_half("web", "one", "two")
    assert "the guest went on at two, or was about to, and ended there" in words
    assert "virsh destroy web" in words


def test_what_a_broken_migration_has_left():
    for reason in ("migration", "starting_up"):
        assert is_leftover(active(), active("paused", reason))
        assert not is_leftover(active(job="an outgoing migration"), active("paused", reason))
        assert not is_leftover(active("paused"), active("paused", reason))
    assert not is_leftover(active(), active("paused", "user"))
    assert not is_leftover(active(), active())
