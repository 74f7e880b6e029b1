# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a result beside its values."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.api import (
    DOMAINS,
    NETWORKS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.objects import Facts
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.many_done import Done
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.many_outcome import (
    as_result,
    warnings,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import (
    INSTALLING,
    Action,
    Outcome,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.plan import Change
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import HostNote

FACTS = Facts(DOMAINS, "web", "u", "running", id=1, persistent=True)
MEMORY = Change("/domain/memory", "modify", "1", "2")
DISK = Change("/domain/devices/disk[vda]/driver/@cache", "modify", "none", "unsafe")
KVM = HostNote("KVM is not available on host1")


def test_what_waits_for_a_restart_is_a_warning_and_a_line_of_the_diff():
    changes = (MEMORY.as_result("restart"), DISK.as_result("live"))
    outcome = Outcome(FACTS, changes=changes, pending=(MEMORY, DISK))
    waits = "waits for a restart: memory, disk[vda]/driver/@cache"
    [warning] = outcome.warnings("domain 'web'")
    assert warning.startswith(f"domain 'web': {waits}; stop the guest and start it again")
    assert "which a reboot from within doesn't do" in warning
    diff = outcome.as_result(True)["diff"]
    # The diff is about what the task changes, of which check mode knows as much as the run.
    assert diff[-1]["after"] == "waits for a restart: memory\n"
    assert diff[-1]["before_header"] == "web (state and storage)"


def test_what_the_guest_alone_gets_ends_with_it():
    outcome = Outcome(FACTS, live_changes=(DISK,), pending=(MEMORY, DISK))
    ends, waits = outcome.messages()
    assert ends == (
        "ends with the running guest: disk[vda]/driver/@cache; add config to affect to keep it"
    )
    assert waits.startswith("waits for a restart: memory; stop the guest and start it again")


def test_the_addresses_that_go_with_the_machine_are_one_change():
    machine = Change("/domain/os/type/@machine", "modify", "pc", "q35").as_result("config")
    disk, input_, sound = (
        Change(f"/domain/devices/{device}/address", "remove", "<address/>", None).as_result(
            "config"
        )
        for device in ("disk[target/@dev='vda']", "input", "sound")
    )

    def changes(*those: dict[str, t.Any]) -> list[t.Any]:
        return t.cast("list[t.Any]", Outcome(FACTS, changes=those).as_result(False)["changes"])

    shown = changes(disk, machine, input_, sound)
    assert [change["path"] for change in shown] == ["/domain/devices/*/address", machine["path"]]
    assert shown[0] == {**disk, "path": shown[0]["path"], "before": "addresses of 3 devices"}
    # One is named, and so are all that change by themselves.
    assert changes(machine, disk) == [machine, disk]
    assert changes(disk, input_) == [disk, input_]


def test_an_installation_waits_for_no_restart():
    outcome = Outcome(FACTS, pending=(MEMORY,), reasons={MEMORY.path: INSTALLING})
    assert not list(outcome.warnings("web"))


def test_what_does_not_change_has_no_such_line():
    assert Outcome(FACTS, pending=(MEMORY,)).as_result(True)["diff"]["after"] == ""


def test_the_header_names_the_running_guest_where_it_is_changed():
    plain = Outcome(FACTS, actions=(Action("state", "shutoff", "running", "live"),))
    assert plain.as_result(True)["diff"][0]["after_header"] == "web (state and storage)"
    live = Outcome(FACTS, live_changes=(MEMORY,))
    assert "running guest" in live.as_result(True)["diff"][0]["after_header"]


def test_a_network_is_no_guest():
    change = Change("/network/dns", "add", None, "<dns/>")
    facts = Facts(NETWORKS, "web", "u", "active", persistent=True)
    outcome = Outcome(facts, live_changes=(change,), pending=(change,))
    header = outcome.as_result(True)["diff"][0]["after_header"]
    assert header == "web (active network, state and storage)"
    [warning] = outcome.messages()
    assert warning.startswith("ends with the active network: /network/dns; add config")


def test_equal_warnings_are_one():
    class Work:
        nouns = "domains"
        is_of_kinds = False
        purged = ()
        done = tuple(
            Done("domain", name, outcome=Outcome(FACTS, notes=(KVM, note)))
            for name, note in (("a", "same"), ("b", "same"), ("c", "other"))
        )

    work: t.Any = Work
    assert list(warnings(work)) == [KVM, "domains 'a', 'b': same", "domain 'c': other"]


def test_one_that_is_made_and_not_reached_counts_as_both():
    class Work:
        nouns = "domains"
        is_of_kinds = False
        purged = ()
        seconds: t.ClassVar[dict[str, float]] = {}
        done = (
            Done(
                "domain",
                "a",
                error="it is as wanted, but no address",
                has_changed=True,
                made=Outcome(FACTS, changes=({"path": "/domain", "op": "add"},)),
            ),
        )

    work: t.Any = Work
    result = as_result(work, False)
    assert result["summary"]["created"] == result["summary"]["failed"] == 1
    assert result["results"][0]["failed"]
    assert result["results"][0]["changes"] == [{"path": "/domain", "op": "add"}]
