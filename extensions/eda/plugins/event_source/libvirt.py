# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The events of hypervisors, for Event-Driven Ansible.

It needs libvirt-python where ansible-rulebook runs, and imports nothing of the collection, because
rulebooks load event sources without one.
"""

from __future__ import annotations

import asyncio
import datetime
import fnmatch
import itertools
from typing import Any, Callable
from xml.etree import ElementTree

import libvirt
import libvirtaio

DOCUMENTATION = r"""
short_description: Receive the events of libvirt's domains, networks, pools, secrets and devices
description:
  - Each event has RV(libvirt.event), RV(libvirt.what) and RV(libvirt.detail) in words, and the name and UUID of the object. The name of a
    domain is also RV(meta.hosts), so that an action runs on the host of that name.
  - A connection that is lost is made again, for ever. That it is lost, and that it is there again, are events of their own.
options:
  uris:
    description: The hypervisors. That of C(LIBVIRT_DEFAULT_URI) or V(qemu:///system) by default.
    type: list
    elements: str
  events:
    description:
      - Which events to receive. Of domains there are V(lifecycle), V(agent), V(io_error), V(block_job), V(device_added), V(device_removed),
        V(device_removal_failed), V(disk_change), V(tray_change), V(metadata), V(block_threshold), V(watchdog), V(memory_failure), V(job_completed)
        and V(reboot).
      - V(network), V(pool), V(secret) and V(nodedev) are the lives of other objects.
    type: list
    elements: str
    default: [lifecycle, agent, io_error, network]
  name:
    description: Only domains with one of these names, which may be globs.
    type: list
    elements: str
  tags:
    description: Only domains that have all of these tags; see the option C(ansible) of the module declarative.libvirt.domain.
    type: list
    elements: str
  initial_state:
    description: Whether each connection begins with an event C(state) of each domain, so that what happened in between is known.
    type: bool
    default: false
  read_only:
    description: Whether to connect without the right to change anything.
    type: bool
    default: true
"""

EXAMPLES = r"""
- declarative.libvirt.libvirt:
    uris: [qemu+ssh://root@kvm1/system]
    events: [lifecycle, io_error]
    tags: [always-on]
"""

#: Seconds between signs of life, how many may be missed, and the longest wait for a new connection.
KEEPALIVE, MISSED, LONGEST_WAIT = 5, 3, 60
#: By the numbers of virDomainState; the words are those of the module domain_info.
STATES = (
    *("nostate", "running", "blocked", "paused", "shutdown", "shutoff", "crashed"),
    "pmsuspended",
)
_TAG = "{https://declarative-libvirt.github.io/ns/host/1}tag"
_DEFAULT = ["lifecycle", "agent", "io_error", "network"]


def _words(prefix: str) -> dict[int, str]:
    """The words for the numbers of an enumeration, by the names of its constants."""
    names = (
        name for name in dir(libvirt) if name.startswith(prefix) and not name.endswith("_LAST")
    )
    return {getattr(libvirt, name): name[len(prefix) :].lower() for name in names}


def _word(prefix: str, number: int) -> str:
    return _word_of(_words(prefix), number)


def _word_of(words: dict[int, str], number: int) -> str:
    return words.get(number, str(number))


def _lifecycle(prefix: str, events: str) -> Callable[..., dict[str, Any]]:
    kinds = {getattr(libvirt, f"{prefix}{name}"): name for name in events.split()}

    def fields(event: int, detail: int) -> dict[str, Any]:
        kind = kinds.get(event)
        if kind is None:
            return {"what": str(event), "detail": str(detail)}
        words = _words(f"{prefix}{kind}_")
        # Those of networks, pools and secrets have none.
        return {"what": kind.lower(), **({"detail": _word_of(words, detail)} if words else {})}

    return fields


def _named(*names: str) -> Callable[..., dict[str, Any]]:
    """The arguments of a callback under these names."""
    return lambda *arguments: dict(zip(names, arguments))


_DOMAIN_LIFE = "DEFINED UNDEFINED STARTED SUSPENDED RESUMED STOPPED SHUTDOWN PMSUSPENDED CRASHED"
_BLOCK_JOBS = {0: "completed", 1: "failed", 2: "canceled", 3: "ready"}
#: The events of domains: the constant VIR_DOMAIN_EVENT_ID_…, and the fields that its arguments are.
DOMAIN_EVENTS: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "lifecycle": ("LIFECYCLE", _lifecycle("VIR_DOMAIN_EVENT_", _DOMAIN_LIFE)),
    "agent": (
        "AGENT_LIFECYCLE",
        lambda state, reason: {
            "what": _word("VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_", state),
            "detail": _word("VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_", reason),
        },
    ),
    "io_error": (
        "IO_ERROR_REASON",
        lambda path, device, action, reason: {
            "what": _word("VIR_DOMAIN_EVENT_IO_ERROR_", action),
            "detail": reason,
            "path": path,
            "device": device,
        },
    ),
    "block_job": (
        "BLOCK_JOB_2",
        lambda disk, kind, status: {
            "what": _BLOCK_JOBS.get(status, str(status)),
            "detail": _word("VIR_DOMAIN_BLOCK_JOB_TYPE_", kind),
            "disk": disk,
        },
    ),
    "device_added": ("DEVICE_ADDED", _named("device")),
    "device_removed": ("DEVICE_REMOVED", _named("device")),
    "device_removal_failed": ("DEVICE_REMOVAL_FAILED", _named("device")),
    "disk_change": (
        "DISK_CHANGE",
        lambda old, new, device, reason: {
            "what": _word("VIR_DOMAIN_EVENT_DISK_", reason),
            "before": old,
            "after": new,
            "device": device,
        },
    ),
    "tray_change": (
        "TRAY_CHANGE",
        lambda device, reason: {
            "what": _word("VIR_DOMAIN_EVENT_TRAY_CHANGE_", reason),
            "device": device,
        },
    ),
    "metadata": (
        "METADATA_CHANGE",
        lambda kind, uri: {"what": _word("VIR_DOMAIN_METADATA_", kind), "namespace": uri},
    ),
    "block_threshold": ("BLOCK_THRESHOLD", _named("device", "path", "threshold", "excess")),
    "watchdog": (
        "WATCHDOG",
        lambda action: {"what": _word("VIR_DOMAIN_EVENT_WATCHDOG_", action)},
    ),
    "memory_failure": (
        "MEMORY_FAILURE",
        lambda recipient, action, _flags: {
            "what": _word("VIR_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_", action),
            "detail": _word("VIR_DOMAIN_EVENT_MEMORY_FAILURE_RECIPIENT_", recipient),
        },
    ),
    "job_completed": ("JOB_COMPLETED", _named("job")),
    "reboot": ("REBOOT", _named()),
}
#: The other objects: how their events are registered, their constant, and what happens to them.
OBJECT_EVENTS: dict[str, tuple[str, str, str]] = {
    "network": ("networkEventRegisterAny", "NETWORK", "DEFINED UNDEFINED STARTED STOPPED"),
    "pool": (
        "storagePoolEventRegisterAny",
        "STORAGE_POOL",
        "DEFINED UNDEFINED STARTED STOPPED CREATED DELETED",
    ),
    "secret": ("secretEventRegisterAny", "SECRET", "DEFINED UNDEFINED"),
    "nodedev": ("nodeDeviceEventRegisterAny", "NODE_DEVICE", "CREATED DELETED"),
}
#: After these events a domain may have other tags.
_MAY_CHANGE_TAGS = frozenset(["defined", "started", "element"])


class Source:
    """The events of one hypervisor.

    They wait in an own queue, which has no end, so that a storm of them is not lost and nothing is
    asked of libvirt while it calls back.
    """

    def __init__(self, queue: Any, uri: str | None, args: dict[str, Any]) -> None:
        self._queue = queue
        self._uri = uri
        self._events = list(args.get("events") or _DEFAULT)
        self._names = args.get("name")
        self._tags = frozenset(args.get("tags") or ())
        self._initial_state = bool(args.get("initial_state", False))
        self._read_only = bool(args.get("read_only", True))
        self._numbers = itertools.count(1)
        self._found: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._tags_of: dict[str, frozenset[str]] = {}
        self._hypervisor: str | None = None

    async def run(self) -> None:
        """Receive events for ever."""
        wait = 1
        was_lost = False
        while True:
            try:
                connection = await self._in_thread(self._opened)
            except libvirt.libvirtError as error:
                if not was_lost:
                    was_lost = True
                    await self._put({"event": "connection", "what": "lost", "detail": str(error)})
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            try:
                if was_lost:
                    await self._put({"event": "connection", "what": "restored"})
                was_lost, wait = False, 1
                await self._receive(connection)
            except libvirt.libvirtError as error:
                detail = str(error)
            else:
                detail = "the hypervisor has closed the connection"
            finally:
                await self._in_thread(_close, connection)
            was_lost = True
            await self._put({"event": "connection", "what": "lost", "detail": detail})

    async def _receive(self, connection: Any) -> None:
        """Pass on events until the connection ends."""
        self._found = asyncio.Queue()
        connection.registerCloseCallback(lambda *_arguments: self._found.put_nowait(None), None)
        connection.setKeepAlive(KEEPALIVE, MISSED)
        self._register(connection)
        self._hypervisor = await self._in_thread(connection.getHostname)
        if self._tags or self._initial_state:
            for state in await self._in_thread(self._states, connection):
                if self._initial_state and self._is_selected(state):
                    await self._put(state)
        while True:
            event = await self._found.get()
            if event is None:
                return
            if self._tags and event.get("what") in _MAY_CHANGE_TAGS and event["is_domain"]:
                await self._in_thread(self._read_tags, connection, event["uuid"])
            if self._is_selected(event):
                await self._put(event)

    def _opened(self) -> Any:
        return (libvirt.openReadOnly if self._read_only else libvirt.open)(self._uri)

    def _register(self, connection: Any) -> None:
        for event in self._events:
            if event in OBJECT_EVENTS:
                method, constant, kinds = OBJECT_EVENTS[event]
                number = getattr(libvirt, f"VIR_{constant}_EVENT_ID_LIFECYCLE")
                fields = _lifecycle(f"VIR_{constant}_EVENT_", kinds)
                register: Any = getattr(connection, method)
            else:
                constant, fields = DOMAIN_EVENTS[event]
                number = getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_{constant}")
                register = connection.domainEventRegisterAny
            try:
                register(None, number, self._callback(event, fields), None)
            except libvirt.libvirtError as error:
                # Not every driver has networks or pools.
                if error.get_error_code() != libvirt.VIR_ERR_NO_SUPPORT:
                    raise

    def _callback(self, event: str, fields: Callable[..., dict[str, Any]]) -> Any:
        def note(_connection: Any, about: Any, *arguments: Any) -> None:
            # The last argument is the callback's own.
            found = {"event": event, "what": event, **fields(*arguments[:-1])}
            # A device of the host has no UUID.
            uuid = about.UUIDString() if hasattr(about, "UUIDString") else None
            name = about.usageID() if event == "secret" else about.name()
            found |= {"name": name, "uuid": uuid, "is_domain": event in DOMAIN_EVENTS}
            self._found.put_nowait(found)

        return note

    def _states(self, connection: Any) -> list[dict[str, Any]]:
        found = []
        for domain in connection.listAllDomains(0):
            try:
                number, _reason = domain.state()
                if self._tags:
                    self._tags_of[domain.UUIDString()] = _tags_of(domain)
            except libvirt.libvirtError:
                # It has disappeared meanwhile.
                continue
            what = STATES[number] if number < len(STATES) else "nostate"
            named = {"name": domain.name(), "uuid": domain.UUIDString(), "is_domain": True}
            found.append({"event": "state", "what": what, **named})
        return found

    def _read_tags(self, connection: Any, uuid: str) -> None:
        try:
            self._tags_of[uuid] = _tags_of(connection.lookupByUUIDString(uuid))
        except libvirt.libvirtError:
            # It has disappeared: what is known of it counts for its last events.
            return

    def _is_selected(self, event: dict[str, Any]) -> bool:
        if not event["is_domain"]:
            return True
        if self._names and not any(
            fnmatch.fnmatchcase(event["name"], name) for name in self._names
        ):
            return False
        return self._tags <= self._tags_of.get(event["uuid"], frozenset())

    async def _put(self, event: dict[str, Any]) -> None:
        is_domain = event.pop("is_domain", False)
        now = datetime.datetime.now(datetime.timezone.utc)
        where = {"uri": self._uri, "hypervisor": self._hypervisor}
        event |= {**where, "time": now.isoformat(), "seq": next(self._numbers)}
        meta = {"hosts": event["name"]} if is_domain else {}
        await self._queue.put({"libvirt": event, "meta": meta})

    @staticmethod
    async def _in_thread(function: Callable[..., Any], *arguments: Any) -> Any:
        """What libvirt answers, while the loop goes on."""
        return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)


def _tags_of(domain: Any) -> frozenset[str]:
    found = ElementTree.fromstring(domain.XMLDesc(0)).iter(_TAG)  # noqa: S314
    return frozenset((tag.text or "").strip() for tag in found)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except libvirt.libvirtError:
        # It is gone already.
        return


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Put the events of all hypervisors into the queue, until the task is cancelled."""
    unknown = set(args.get("events") or ()) - set(DOMAIN_EVENTS) - set(OBJECT_EVENTS)
    if unknown:
        known = ", ".join([*DOMAIN_EVENTS, *OBJECT_EVENTS])
        raise ValueError(f"events: there is no {', '.join(sorted(unknown))}; take of: {known}")
    libvirt.registerErrorHandler(lambda *_error: None, None)
    libvirtaio.virEventRegisterAsyncIOImpl()
    uris = args.get("uris") or [None]
    await asyncio.gather(*(Source(queue, uri, args).run() for uri in uris))
