# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a domain is, of two hosts, and what is to be done to have it at the second one."""

from __future__ import annotations

import typing as t

ABSENT, OFF, ACTIVE = "absent", "off", "active"

#: It is on none of both.
NOWHERE = "nowhere"
#: It is at the destination alone.
ARRIVED = "arrived"
#: It is to be migrated.
MOVE = "move"
#: It runs at the destination, and the source still has its definition.
LEFT = "left"
#: Both define it, and it runs on none.
TWICE = "twice"
#: It is active on both.
BOTH = "both"

#: By where it is at the source, and then at the destination. An inactive definition at the
#: destination is no hindrance for a guest that runs: virDomainObjListAdd takes the one with the
#: same UUID and name, and VIR_MIGRATE_PERSIST_DEST replaces it.
_TABLE: t.Mapping[tuple[str, str], str] = {
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


class Presence(t.NamedTuple):
    """A domain on one host.

    ``state`` and ``reason`` are libvirt's words, such as ``paused`` and ``postcopy_failed``.
    ``job`` names what libvirt is doing with it, such as "an outgoing migration".
    """

    where: str = ABSENT
    state: str = ABSENT
    reason: str = "unknown"
    job: str | None = None


def situation(source: Presence, destination: Presence) -> str:
    """One of the constants above."""
    return _TABLE[source.where, destination.where]


#: The reason of a state after a post-copy migration has failed; libvirt keeps its job.
FAILED = "postcopy_failed"


def is_postcopy(source: Presence, destination: Presence) -> bool:
    """Whether a post-copy migration stands still: a part of the memory is on each host.

    libvirt 8.5 and later let the destination run and say that it has failed
    (qemuMigrationDstPostcopyFailed); earlier ones pause it. The source is paused either way. While
    the migration goes on, it is paused too, and has its job.
    """
    if source.state != "paused" or destination.where != ACTIVE:
        return False
    if FAILED in (source.reason, destination.reason):
        return True
    return source.reason == "postcopy" and source.job is None


def is_half(source: Presence, destination: Presence) -> bool:
    """Whether the source has a part of a guest whose other part, which went on, is gone."""
    is_paused = source.state == "paused" and source.reason in (FAILED, "postcopy")
    return is_paused and destination.where != ACTIVE


def words_of_half(name: str, source_name: str, destination_name: str) -> str:
    """What is known of such a guest, and what to do."""
    return (
        f"a post-copy migration has failed: the guest went on at {destination_name}, or was about to, and ended there, so that a "
        f"part of its memory is lost, and what is left on {source_name} can't go on; where its disks were copied, those of "
        f"{destination_name} have the newer data: see to them first. Then switch off what is left (virsh destroy {name}), and "
        "start the guest from its disks"
    )


def is_leftover(source: Presence, destination: Presence) -> bool:
    """Whether the guest at the destination is what a broken migration has left, and never ran.

    Its CPUs run only after the source's have stopped, and the source has no job any more. libvirt
    9.0 leaves it where a tunnelled migration loses its connection.
    """
    return (
        source.state == "running"
        and source.job is None
        and destination.state == "paused"
        and destination.reason in ("migration", "starting_up")
    )


def words_of_both(
    source: Presence, destination: Presence, source_name: str, destination_name: str
) -> str:
    """Why a domain that is active on both hosts isn't touched, and what to do."""
    if is_postcopy(source, destination):
        return (
            "a post-copy migration has failed: the guest has a part of its memory on each host, and none of both can go on "
            f"alone; see that {source_name} reaches {destination_name} again, and run the task with postcopy: true, which "
            "resumes the migration. Switching the guest off loses what it had not written"
        )
    if source.job or destination.job:
        return (
            f"{source.job or destination.job} is in progress; wait until that has ended (virsh domjobinfo), then run the "
            "task again"
        )
    if is_leftover(source, destination):
        return (
            f"it still runs on {source_name}, and {destination_name} has a guest that never ran; run the task again, which "
            "removes that"
        )
    halves = (source.state, destination.state)
    known = f"it is {source.state} on {source_name} and {destination.state} on {destination_name}"
    if halves.count("running") == 1:
        old = source_name if source.state == "paused" else destination_name
        return (
            f"the guest is active on both hosts: {known}; see which has the newer data, and switch the other one off "
            f"(usually that on {old}, which doesn't run) with virsh destroy, then run the task again"
        )
    return (
        f"the guest is active on both hosts: {known}, and both may write the same disks; switch one of them off at once with "
        "virsh destroy, check the file systems, then run the task again"
    )
