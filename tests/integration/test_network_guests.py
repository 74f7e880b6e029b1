# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks that are started anew while guests run on them, on a private libvirtd."""

from __future__ import annotations

import collections
import contextlib
import re
import socket
import threading
import time
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.active_object import (
    ActiveObject,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.network import parking
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain_info,
    network,
    network_info,
)

from .guests import Boot, Guest, document
from .hypervisor import Hypervisor, Result, task_of
from .test_network import Networks
from .three_ways import assert_fails, assert_unchanged, three_ways

#: Guests that boot, and guests that only have a NIC.
_BOOTED, _PAUSED = 2, 8
_SSH = 22
#: Seconds between two looks, and how long one may take.
_POLL, _TIMEOUT = 0.02, 0.2
_NIC = (
    "<interface type='network'><mac address='{}'/><source network='web'/><model type='virtio'/>"
    "</interface>"
)
_EMPTY = """
<domain type='qemu'>
  <name>{}</name>
  <memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>{}</devices>
</domain>
"""


def mac(number: int) -> str:
    return f"52:54:00:00:02:{number:02x}"


def address(number: int) -> str:
    return f"192.0.2.{100 + number}"


def web(numbers: t.Iterable[int]) -> str:
    hosts = "".join(f"<host mac='{mac(n)}' ip='{address(n)}'/>" for n in numbers)
    return f"""
<network>
  <name>web</name>
  <bridge name='virbr60'/>
  <ip address='192.0.2.1' prefix='24'>
    <dhcp><range start='192.0.2.2' end='192.0.2.99'/>{hosts}</dhcp>
  </ip>
  <portgroup name='slow'/>
</network>
"""


def ports(networks: Networks) -> set[str]:
    """The MAC addresses that the network knows."""
    return {
        re.findall("<mac address='([^']*)'", port.XMLDesc())[0]
        for port in networks.find().listAllPorts()
    }


def taps(networks: Networks) -> dict[str, tuple[str, str]]:
    """Of each NIC, by its MAC address: its tap device and its network."""
    found = {}
    for domain in networks.raw.listAllDomains():
        for text in re.findall("<interface.*?</interface>", domain.XMLDesc(), re.DOTALL):
            one = {name: re.findall(f"{name}='([^']*)'", text)[0] for name in ("address", "dev")}
            found[one["address"]] = one["dev"], re.findall("network='([^']*)'", text)[0]
    return found


def guest(networks: Networks, number: int, nics: int = 1) -> t.Any:
    """A guest that doesn't boot."""
    devices = "".join(_NIC.format(mac(number + 32 * n)) for n in range(nics))
    text = _EMPTY.format(f"guest{number}", devices)
    return networks.raw.createXML(text, libvirt.VIR_DOMAIN_START_PAUSED)


@pytest.fixture
def networks(hypervisor: Hypervisor) -> t.Iterator[Networks]:
    found = Networks(hypervisor.raw)
    found.clear()
    yield found
    hypervisor.clear()
    found.clear()


class Reached:
    """Whether a guest answers, looked at all the time; ``gap`` is the longest silence in seconds."""

    def __init__(self, number: int) -> None:
        self._address = address(number)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.gap = 0.0

    def __enter__(self) -> Reached:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        self._thread.join()

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection((self._address, _SSH), timeout=_TIMEOUT),
        ):
            return True
        return False

    def _look(self) -> None:
        last = time.monotonic()
        while not self._ends.is_set():
            if self.answers():
                now = time.monotonic()
                self.gap, last = max(self.gap, now - last), now
            time.sleep(_POLL)
        self.gap = max(self.gap, time.monotonic() - last)


def test_ten_guests_keep_the_network(
    networks: Networks, boot: Boot, counts: collections.Counter[str]
) -> None:
    booted, paused = range(_BOOTED), range(_BOOTED, _BOOTED + _PAUSED)
    networks.define(web(booted))
    guests = []
    for number in booted:
        text = document(f"guest{number}", boot, _NIC.format(mac(number)), arguments="ssh")
        domain = networks.raw.defineXML(text)
        domain.create()
        guests.append(Guest(domain))
    for number in paused:
        guest(networks, number)
    watched = [Reached(number) for number in booted]
    for one, domain in zip(watched, guests):
        domain.wait_for_agent()
        domain.wait_until(one.answers)
    before = taps(networks)
    assert len(ports(networks)) == _BOOTED + _PAUSED
    # libvirt can't change the bridge while it is on.
    options: dict[str, t.Any] = {"name": "web", "bridge": {"stp": False}}
    waiting = three_ways(network, networks.state, **options)
    assert waiting.values["restart_required"]
    with contextlib.ExitStack() as stack:
        for one in watched:
            stack.enter_context(one)
        done = three_ways(network, networks.state, restart="if_required", **options)
        for one in watched:
            Guest.wait_until(one.answers)
        time.sleep(0.2)
    assert [(one["path"], one["after"]) for one in done.values["changes"]] == [
        ("state", "restarted")
    ]
    assert not done.values["restart_required"]
    assert taps(networks) == before
    assert ports(networks) == set(before)
    assert "stp='off'" in networks.live()
    for number, domain in zip(booted, guests):
        # It has not noticed anything.
        assert address(number) in domain.run("ip", "address", "show", "eth0")
    longest = max(one.gap for one in watched)
    counts["ms that a guest reached nobody while its network with ten was started anew"] += int(
        1000 * longest
    )
    assert longest < 10
    # A new subnet and a new name of the bridge: the guests keep their addresses until they ask anew.
    three_ways(
        network,
        networks.state,
        name="web",
        restart="if_required",
        xml=networks.definition().replace("virbr60", "virbr61").replace("192.0.2", "198.51.100"),
    )
    assert taps(networks) == before
    assert ports(networks) == set(before)


def test_each_nic_of_a_guest_and_its_group(networks: Networks) -> None:
    networks.define(web([]))
    guest(networks, 1, nics=3)
    text = _EMPTY.format("grouped", _NIC.format(mac(2)).replace("'web'", "'web' portgroup='slow'"))
    grouped = networks.raw.createXML(text, libvirt.VIR_DOMAIN_START_PAUSED)
    before = taps(networks)
    done = three_ways(network, networks.state, name="web", mtu=1400, restart="always")
    assert [one["path"] for one in done.values["changes"]] == ["/network/mtu", "state"]
    assert {one["when"] for one in done.values["changes"]} == {"restart"}
    assert taps(networks) == before
    assert ports(networks) == set(before)
    assert "portgroup='slow'" in grouped.XMLDesc()


def test_always_changes_nothing_live(networks: Networks) -> None:
    networks.define(web([]))
    guest(networks, 1)
    dns = {"txt": [{"name": "motto", "value": "one"}]}
    done = three_ways(network, networks.state, name="web", dns=dns, restart="always")
    assert [one["path"] for one in done.values["changes"]] == ["/network/dns", "state"]
    # Nothing is left for a restart.
    dns["txt"][0]["value"] = "two"
    done = three_ways(network, networks.state, name="web", dns=dns, restart="if_required")
    assert [one["when"] for one in done.values["changes"]] == ["live"]


def test_one_that_cant_be_started_as_it_is_to_be(networks: Networks) -> None:
    made = networks.define(web([]))
    guest(networks, 1)
    before, found = taps(networks), networks.state()
    # dnsmasq alone knows that it has no such option.
    failed = task_of(network, name="web", dnsmasq_options=["no-such"], restart="if_required")
    assert failed.failed
    assert "can't be started with its new definition" in failed.msg
    assert "bad option" in failed.msg
    assert "it is on and defined as before, and all guests have it" in failed.msg
    assert taps(networks) == before
    assert ports(networks) == set(before)
    assert made.isActive()
    assert {name: one[0] for name, one in networks.state().items()} == {"web": found["web"][0]}


def test_a_guest_that_comes_right_before_the_network_is_stopped(
    networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks.define("<network><name>web</name></network>")
    guest(networks, 1)
    usual = ActiveObject.stop

    def stop(found: ActiveObject) -> None:
        if found.name == "web":
            guest(networks, 2)
        usual(found)

    with monkeypatch.context() as patch:
        patch.setattr(ActiveObject, "stop", stop)
        done = task_of(network, name="web", mtu=1400, restart="if_required")
    assert not done.failed, done.msg
    assert ports(networks) == {mac(1), mac(2)}
    assert len(networks.raw.listAllNetworks()) == 2


class Step(t.NamedTuple):
    """A step of a restart that fails: the ``number``-th call of a function."""

    where: t.Any
    name: str
    number: int
    words: str
    #: Whether the next run has something to do but what was asked for.
    heals: bool


STEPS = {
    "the network to wait on": Step(
        parking, "make_transient", 0, "the network was not stopped, and all guests have it", False
    ),
    "the first NIC away": Step(
        parking, "move", 0, "the network was not stopped, and all guests have it", False
    ),
    "the second NIC away": Step(
        parking, "move", 1, "the network was not stopped, and all guests have it", False
    ),
    "stop": Step(
        ActiveObject, "stop", 0, "the network was not stopped, and all guests have it", False
    ),
    "start": Step(
        ActiveObject, "start", 0, "it is on and defined as before, and all guests have it", False
    ),
    "the first NIC back": Step(parking, "move", 3, "these still wait: 52:54:00:00:02:01", True),
    "the last NIC back": Step(parking, "move", 5, "these still wait: 52:54:00:00:02:03", True),
    "the end of the other network": Step(ActiveObject, "stop", 1, "injected", True),
}


#: How the next run heals what a step has left.
_HEALS: tuple[dict[str, t.Any], ...] = ({"restart": "if_required"}, {"reconnect": True})


@pytest.mark.parametrize(
    ("step", "heal"),
    [
        pytest.param(step, heal, id=f"{name}, {next(iter(heal))}")
        for name, step in STEPS.items()
        for heal in _HEALS[: 1 + step.heals]
    ],
)
def test_a_step_that_fails(
    networks: Networks, monkeypatch: pytest.MonkeyPatch, step: Step, heal: dict[str, t.Any]
) -> None:
    # One without dnsmasq starts sooner.
    networks.define("<network><name>web</name></network>")
    for number in (1, 2, 3):
        guest(networks, number)
    before = taps(networks)
    options: dict[str, t.Any] = {"name": "web", "mtu": 1400}
    with monkeypatch.context() as patch:
        _fail(patch, step)
        failed = task_of(network, restart="if_required", **options)
    assert failed.failed
    assert "injected" in failed.msg
    assert step.words in failed.msg
    if not step.heals:
        assert taps(networks) == before
        assert ports(networks) == set(before)
        assert len(networks.raw.listAllNetworks()) == 2
        assert task_of(network, restart="if_required", **options).changed
    else:
        done = three_ways(network, networks.state, **options, **heal)
        assert all(one["path"].startswith(("nic", "parking")) for one in done.values["changes"]), (
            done.values["changes"]
        )
    assert taps(networks) == before
    assert ports(networks) == set(before)
    assert "mtu size='1400'" in networks.live()
    assert len(networks.raw.listAllNetworks()) == 2
    assert_unchanged(network, networks.state, **options, **heal)


def _fail(patch: pytest.MonkeyPatch, step: Step) -> None:
    """Let one call of a function fail."""
    usual, calls = getattr(step.where, step.name), []

    def failing(*arguments: t.Any) -> t.Any:
        calls.append(arguments)
        if len(calls) == step.number + 1:
            raise HypervisorError("libvirt failed to do it: injected")
        return usual(*arguments)

    patch.setattr(step.where, step.name, failing)


def test_all_that_can_fail(networks: Networks, monkeypatch: pytest.MonkeyPatch) -> None:
    networks.define(web([]))
    for number in (1, 2, 3):
        guest(networks, number)
    before = taps(networks)
    options: dict[str, t.Any] = {"name": "web", "mtu": 1400}

    def fail(*_arguments: t.Any) -> t.Any:
        raise HypervisorError("libvirt failed to do it: injected")

    with monkeypatch.context() as patch:
        patch.setattr(ActiveObject, "start", fail)
        failed = task_of(network, restart="if_required", **options)
    assert failed.failed
    assert "nor as it was before: libvirt failed to do it: injected; it is off" in failed.msg
    assert "NICs wait: 52:54:00:00:02:01 of domain 'guest1', 52:54:00:00:02:02" in failed.msg
    assert not networks.find().isActive()
    assert "mtu" not in networks.definition()
    (found,) = task_of(network_info, name=["web"]).values["networks"]
    assert len(found["disconnected"]) == 3
    # They don't get lost by a task that removes the network.
    assert_fails(
        network, networks.state, "it is used by domain 'guest1'", name="web", state="absent"
    )
    done = three_ways(network, networks.state, restart="if_required", **options)
    assert [one["path"].split()[0] for one in done.values["changes"]] == [
        "/network/mtu",
        "state",
        "nic",
        "nic",
        "nic",
    ]
    assert taps(networks) == before
    assert ports(networks) == set(before)
    assert len(networks.raw.listAllNetworks()) == 2


def test_nics_that_somebody_has_cut_off(networks: Networks) -> None:
    made = networks.define(web([]))
    for number in (1, 2):
        guest(networks, number)
    before = taps(networks)
    made.destroy()
    done = three_ways(network, networks.state, name="web", state="active")
    words = "cut off from it, because it was stopped and started again: 52:54:00:00:02:01 of domain"
    assert words in str(done.values["warnings"])
    assert ports(networks) == set()
    for name in ("guest1", "guest2"):
        (one,) = task_of(domain_info, name=[name]).values["domains"]
        assert [nic["disconnected"] for nic in one["interfaces"]] == [True]
    done = three_ways(network, networks.state, name="web", reconnect=True)
    assert [(one["path"], one["before"], one["after"]) for one in done.values["changes"]] == [
        (f"nic {mac(number)} of domain 'guest{number}'", "cut off", "connected")
        for number in (1, 2)
    ]
    assert taps(networks) == before
    assert ports(networks) == set(before)
    (one,) = task_of(domain_info, name=["guest1"]).values["domains"]
    assert [nic["disconnected"] for nic in one["interfaces"]] == [False]


def test_a_port_of_nobody(networks: Networks) -> None:
    made = networks.define(web([]))
    made.portCreateXML(
        "<networkport><uuid>1a81f5b2-8403-7b23-c8d6-21ccc2f80d6f</uuid><owner><name>box</name><uuid>0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f</uuid>"
        "</owner><mac address='52:54:00:00:02:77'/></networkport>"
    )
    options: dict[str, t.Any] = {"name": "web", "mtu": 1400, "restart": "if_required"}
    failed = task_of(network, **options)
    assert failed.failed
    assert "would be cut off, which is of no running guest of this hypervisor" in failed.msg
    assert len(made.listAllPorts()) == 1
    done: Result = task_of(network, force=True, **options)
    assert "of 'box' was cut off from the network" in str(done.values["warnings"])
    assert "mtu size='1400'" in networks.live()


def test_nics_that_can_not_become_devices_of_the_host(networks: Networks) -> None:
    networks.define(web([]))
    guest(networks, 1)
    before = taps(networks)
    xml = (
        "<network><name>web</name><forward mode='private'><interface dev='lo'/></forward></network>"
    )
    failed = task_of(network, xml=xml, restart="if_required")
    assert failed.failed
    assert "52:54:00:00:02:01 of domain 'guest1' can't be moved away meanwhile" in failed.msg
    assert taps(networks) == before
    assert ports(networks) == set(before)
