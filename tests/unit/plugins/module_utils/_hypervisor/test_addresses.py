# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import waiting
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.waiting import (
    can_be_reached,
)


def test_which_addresses_others_can_reach() -> None:
    for text in ("192.168.122.17", "2001:db8::1", "10.0.0.1"):
        assert can_be_reached(text), text
    for text in ("127.0.0.1", "::1", "169.254.0.1", "fe80::1", "fe80::1%eth0", "2001:db8::1%$(id)"):
        assert not can_be_reached(text), text
    # A guest may say anything.
    for text in ("-oProxyCommand=reboot", "", "web", "{{ 1 }}", "1.2.3.4\n"):
        assert not can_be_reached(text), text


def test_a_guest_that_lies_has_its_true_addresses(monkeypatch: t.Any) -> None:
    class Raw:
        def interfaceAddresses(self, _source: int) -> dict[str, t.Any]:  # noqa: N802  (libvirt's)
            found = [
                {"addr": "-oProxyCommand=reboot", "prefix": 24},
                {"addr": "192.0.2.1", "prefix": 24},
            ]
            return {"eth0": {"hwaddr": "52:54:00:00:00:01", "addrs": found}, "lo": {"addrs": None}}

    class Libvirt:
        VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT = 1

    class Domain:
        raw = Raw()

    monkeypatch.setattr(waiting, "libvirt", Libvirt)
    (found,) = waiting.addresses(t.cast(t.Any, Domain()), "agent")
    assert found.address == "192.0.2.1"
