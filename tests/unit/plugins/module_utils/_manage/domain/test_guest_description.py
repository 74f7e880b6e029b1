# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.guest_description import (
    described_guest,
)


def test_what_an_agent_tells_is_nested() -> None:
    told = {
        "hostname": "web",
        "os.id": "debian",
        "os.pretty-name": "Debian",
        "timezone.name": "CET",
        "timezone.offset": 3600,
        "user.count": 1,
        "user.0.name": "alice",
        "user.0.login-time": 5,
        "fs.count": 2,
        "fs.0.mountpoint": "/",
        "fs.0.total-bytes": 7,
        "fs.0.disk.count": 1,
        "fs.0.disk.0.device": "/dev/vda1",
        "fs.1.mountpoint": "/srv",
        "fs.1.disk.count": 0,
        "disk.count": 1,
        "disk.0.name": "/dev/vda",
        "disk.0.dependency.count": 1,
        "disk.0.dependency.0.name": "/dev/sda",
        "disk.0.address.type": "pci",
        "if.count": 1,
        "if.0.name": "eth0",
        "if.0.addr.count": 1,
        "if.0.addr.0.addr": "192.0.2.1",
    }
    assert described_guest(told) == {
        "hostname": "web",
        "os": {"id": "debian", "pretty_name": "Debian"},
        "timezone": {"name": "CET", "offset": 3600},
        "users": [{"name": "alice", "login_time": 5}],
        "filesystems": [
            {"mountpoint": "/", "total_bytes": 7, "disks": [{"device": "/dev/vda1"}]},
            {"mountpoint": "/srv", "disks": []},
        ],
        "disks": [
            {
                "name": "/dev/vda",
                "dependencies": [{"name": "/dev/sda"}],
                "address": {"type": "pci"},
            }
        ],
        "interfaces": [{"name": "eth0", "addresses": [{"addr": "192.0.2.1"}]}],
    }


def test_what_it_does_not_tell_is_null() -> None:
    assert described_guest({"user.count": 0}) == {
        "hostname": None,
        "os": None,
        "timezone": None,
        "users": [],
        "filesystems": None,
        "disks": None,
        "interfaces": None,
    }
