# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source, by what it puts into its queue."""

from __future__ import annotations

import contextlib
import json
import pathlib
import runpy
import subprocess
import sys
import threading
import time
import typing as t

import libvirt
import yaml

from .guests import Boot, document
from .hypervisor import Hypervisor

_SOURCE = pathlib.Path(__file__).parents[2] / "extensions/eda/plugins/event_source/libvirt.py"
_OFF = (
    "<domain type='qemu'><name>{0}</name><memory>65536</memory><os><type>hvm</type></os>"
    "<metadata>{1}</metadata></domain>"
)
_TAGS = (
    "<a:host xmlns:a='https://declarative-libvirt.github.io/ns/host/1'><a:tag>always-on</a:tag>"
    "</a:host>"
)
_CONFIG = libvirt.VIR_DOMAIN_AFFECT_CONFIG
_TIMEOUT = 60.0

Event = dict[str, t.Any]


#: Runs the source as ansible-rulebook does, and prints what it puts into its queue. libvirt takes
#: one event loop a process, so that each test has a process of its own.
_RUN = """
import asyncio, json, runpy, sys

class Queue:
    async def put(self, event):
        print(json.dumps(event), flush=True)

main = runpy.run_path(sys.argv[1])["main"]
asyncio.run(main(Queue(), json.loads(sys.argv[2])))
"""


class Source:
    """A run of the source: its events, in the order in which they came."""

    def __init__(self, options: dict[str, t.Any]) -> None:
        arguments = [sys.executable, "-c", _RUN, str(_SOURCE), json.dumps(options)]
        self._process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.all: list[Event] = []
        self.metas: list[Event] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            self.metas.append(event["meta"])
            self.all.append(event["libvirt"])

    def ended(self) -> str:
        """End it; what it printed beside its events."""
        self._process.terminate()
        _nothing, errors = self._process.communicate()
        self._reader.join()
        return str(errors)

    def until(self, **fields: str) -> Event:
        """The first event that has all of these."""
        end = time.monotonic() + _TIMEOUT
        while time.monotonic() < end:
            for event in self.all:
                if all(event.get(key) == value for key, value in fields.items()):
                    return event
            time.sleep(0.05)
        raise AssertionError(f"there is no such event: {self.all} {self.ended()}")

    def words(self, **fields: str) -> list[tuple[t.Any, ...]]:
        return [
            (event["what"], event.get("detail"))
            for event in self.all
            if all(event.get(key) == value for key, value in fields.items())
        ]


@contextlib.contextmanager
def running(**options: t.Any) -> t.Iterator[Source]:
    """The source, which listens already: there is a domain whose state it begins with."""
    source = Source({"initial_state": True, **options})
    try:
        source.until(event="state")
        yield source
    finally:
        source.ended()


def test_the_life_of_a_guest(hypervisor: Hypervisor) -> None:
    hypervisor.define(_OFF.format("first", ""))
    with running(events=["lifecycle", "metadata", "network"]) as found:
        domain = hypervisor.raw.defineXML(_OFF.format("second", ""))
        domain.create()
        domain.suspend()
        domain.resume()
        domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "Mine", None, None, _CONFIG)
        domain.destroy()
        domain.undefine()
        network = hypervisor.raw.networkDefineXML("<network><name>short</name></network>")
        network.undefine()
        found.until(what="undefined", name="short")
    words = found.words(name="second")
    # QEMU tells some more, by its version.
    passing = ("resumed", "suspended", "shutdown")
    assert [word for word in words if word[0] not in passing] == [
        ("defined", "added"),
        ("started", "booted"),
        ("title", None),
        ("stopped", "destroyed"),
        ("undefined", "removed"),
    ]
    assert ("suspended", "paused") in words
    assert ("resumed", "unpaused") in words
    assert found.words(name="short") == [("defined", None), ("undefined", None)]
    assert found.all[0]["what"] == "shutoff"
    assert [event["seq"] for event in found.all] == list(range(1, len(found.all) + 1))
    assert {event["name"] for event in found.all} == {"first", "second", "short"}
    for event, meta in zip(found.all, found.metas):
        assert meta == ({} if event["event"] == "network" else {"hosts": event["name"]})
        assert event["hypervisor"]
        assert event["time"].endswith("+00:00")


def test_only_some_domains(hypervisor: Hypervisor) -> None:
    for name, metadata in (("web-1", _TAGS), ("web-2", ""), ("db-1", _TAGS)):
        hypervisor.define(_OFF.format(name, metadata))
    options = {"name": ["web-*"], "tags": ["always-on"]}
    with running(events=["lifecycle", "metadata"], **options) as found:
        names = ("web-1", "web-2", "db-1")
        for name in names:
            hypervisor.raw.lookupByName(name).create()
        # One that gets its tag later.
        hypervisor.raw.lookupByName("web-2").setMetadata(
            libvirt.VIR_DOMAIN_METADATA_ELEMENT,
            "<host><tag>always-on</tag></host>",
            "a",
            "https://declarative-libvirt.github.io/ns/host/1",
            _CONFIG | libvirt.VIR_DOMAIN_AFFECT_LIVE,
        )
        for name in names:
            hypervisor.raw.lookupByName(name).destroy()
        found.until(what="stopped", name="web-2")
    assert {event["name"] for event in found.all} == {"web-1", "web-2"}
    assert "started" not in [what for what, _detail in found.words(name="web-2")]
    assert "started" in [what for what, _detail in found.words(name="web-1")]


def test_the_agent_and_devices(hypervisor: Hypervisor, boot: Boot) -> None:
    domain = hypervisor.raw.defineXML(document("guest", boot))
    disk = "<disk type='file'><source file='{0}'/><target dev='vdz' bus='virtio'/></disk>"
    path = "/var/lib/libvirt/images/eda.img"
    subprocess.run(["qemu-img", "create", "-q", "-f", "raw", path, "1M"], check=True)
    with running(events=["agent", "device_added", "device_removed"]) as found:
        domain.create()
        # A guest that still boots releases no device.
        found.until(event="agent", what="connected")
        domain.attachDevice(disk.format(path))
        found.until(event="device_added", device="virtio-disk25")
        domain.detachDevice(disk.format(path))
        found.until(event="device_removed", device="virtio-disk25")
    assert ("connected", "channel") in found.words(event="agent")


def test_a_lost_connection_comes_back(hypervisor: Hypervisor) -> None:
    hypervisor.define(_OFF.format("first", ""))
    with running() as found:
        hypervisor.kill_daemon()
        found.until(what="lost")
        hypervisor.start_daemon()
        found.until(what="restored")
        end = time.monotonic() + _TIMEOUT
        while len(found.words(event="state")) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        hypervisor.define(_OFF.format("later", ""))
        found.until(name="later", what="defined")
    assert found.words(event="connection")[1][0] == "restored"
    assert [what for what, _detail in found.words(event="connection")] == ["lost", "restored"]
    # What happened in between is known.
    assert len(found.words(event="state", name="first")) == 2


def test_one_dead_hypervisor_does_not_end_the_others(hypervisor: Hypervisor) -> None:
    hypervisor.define(_OFF.format("first", ""))
    dead = "qemu+unix:///system?socket=/nowhere"
    with running(uris=["qemu:///system", dead]) as found:
        assert found.until(what="lost")["uri"] == dead
        hypervisor.define(_OFF.format("later", ""))
        found.until(name="later", what="defined")
    assert len(found.words(event="connection")) == 1


def test_a_wrong_event_is_refused() -> None:
    source = Source({"events": ["nonsense"]})
    source._process.wait(_TIMEOUT)
    assert "there is no nonsense; take of: lifecycle" in source.ended()


def test_the_examples_name_what_there_is() -> None:
    known = runpy.run_path(str(_SOURCE))
    events = {*known["DOMAIN_EVENTS"], *known["OBJECT_EVENTS"]}
    rulebook = yaml.safe_load(
        (_SOURCE.parents[2] / "rulebooks/libvirt_examples.yml").read_text(encoding="utf-8")
    )
    assert len(rulebook) == 3
    for ruleset in rulebook:
        for entry in ruleset["sources"]:
            assert set(entry["declarative.libvirt.libvirt"]["events"]) <= events
