# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of Molecule's guests."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.declarative.libvirt.plugins.filter.molecule_guests import molecule_guests

IMAGE = "/var/lib/libvirt/images/debian.qcow2"
SETTINGS: dict[str, t.Any] = {
    "directory": "/home/me/role",
    "scenario": "default",
    "project": "/home/me/role",
    "state": "",
    "defaults": {"image": IMAGE, "osinfo": "debian12"},
    "pool": "default",
    "user": "molecule",
    "public_key": "ssh-ed25519 AAAA\n",
    "login": "cloud_init",
    "connection": "ssh",
    "timeout": "300",
}


def options(given: t.Any, **settings: t.Any) -> dict[str, t.Any]:
    guest = molecule_guests({"web": given}, {**SETTINGS, **settings})["guests"][0]
    assert guest["problem"] == ""
    found: dict[str, t.Any] = guest["options"]
    return found


def problem(given: t.Any, **settings: t.Any) -> str:
    found = molecule_guests({"web": given}, {**SETTINGS, **settings})["guests"][0]["problem"]
    return str(found)


def test_a_guest_from_an_image() -> None:
    found = options({"disks": [{"size": 10}], "image_size": 20, "hostname": "www"})
    assert found["disks"] == [{"pool": "default", "backing_store": IMAGE, "size": 20}, {"size": 10}]
    assert (found["import"], found["state"]) == (True, "running")
    assert found["wait"] == {"for": "ip", "timeout": 300.0}
    assert found["cloud_init"]["user_data"] == {
        "hostname": "www",
        "users": [
            "default",
            {
                "name": "molecule",
                "sudo": "ALL=(ALL) NOPASSWD:ALL",
                "lock_passwd": True,
                "ssh_authorized_keys": ["ssh-ed25519 AAAA"],
            },
        ],
    }
    assert not {"image", "image_size", "hostname"} & set(found)


def test_an_image_may_be_downloaded() -> None:
    image = {"url": "https://example.org/a.qcow2", "checksum": "https://example.org/SHA256SUMS"}
    found = options({"image": image, "image_size": 20})
    assert found["disks"] == [{"pool": "default", "image": image, "size": 20}]
    assert options({"image": {"src": "/a"}})["disks"][0]["image"] == {"src": "/a"}


def test_its_own_options_are_kept() -> None:
    data = {"packages": ["nginx"], "users": [{"name": "me"}], "hostname": "mine"}
    given = {
        "cloud_init": {"user_data": data, "network_config": {"version": 2}},
        "ansible": {"tags": ["web"], "vars": {"port": 80}},
        "description": "Mine",
        "graphics": "vnc",
    }
    found = options(given)
    assert found["cloud_init"]["network_config"] == {"version": 2}
    assert found["cloud_init"]["user_data"]["packages"] == ["nginx"]
    assert found["cloud_init"]["user_data"]["hostname"] == "mine"
    users = found["cloud_init"]["user_data"]["users"]
    assert [user["name"] for user in users] == ["me", "molecule"]
    assert found["ansible"]["tags"][0] == "molecule"
    assert found["ansible"]["tags"][2:] == ["web"]
    assert found["ansible"]["vars"]["port"] == 80
    assert found["ansible"]["vars"]["molecule_host"] == "web"
    assert (found["description"], found["graphics"]) == ("Mine", "vnc")


def test_root_may_log_in() -> None:
    assert options({}, user="root")["cloud_init"]["user_data"]["disable_root"] is False


def test_without_cloud_init() -> None:
    for login, connection, reached in (("none", "ssh", "ip"), ("agent", "ssh", "agent")):
        found = options({}, login=login, connection=connection)
        assert found["wait"]["for"] == reached
        assert "cloud_init" not in found
    assert options({}, login="none", connection="agent")["wait"]["for"] == "agent"


def test_defaults_are_merged_and_lists_replaced() -> None:
    defaults: dict[str, t.Any] = {
        "image": {"pool": "a", "volume": "b"},
        "cpu": {"model": "x", "check": "none"},
    }
    defaults["disks"] = [{"size": 1}]
    found = options({"cpu": {"model": "y"}, "disks": []}, defaults=defaults)
    assert found["cpu"] == {"model": "y", "check": "none"}
    assert found["disks"] == [{"pool": "default", "backing_store": "a/b"}]
    own = options({"image": IMAGE}, defaults=defaults)
    assert own["disks"][0]["backing_store"] == IMAGE


def test_what_boots_without_an_image() -> None:
    for given in ({"boot": {"kernel": "/k"}}, {"disk": {"path": "/d"}}, {"cdrom": "/iso"}):
        found = options(given, defaults={})
        assert found.get("import", False) is ("cdrom" not in given)
        assert found.get("disk") == given.get("disk")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"image": "https://example.org/a.qcow2"}, "is a URL, which needs a checksum"),
        ({"image": {"uri": "https://example.org"}}, "image has uri; give pool and volume"),
        ({"image": {"pool": "a"}}, "image has pool; give pool and volume"),
        ({"image": "debian.qcow2"}, "is no path on the hypervisor; begin with a slash"),
        ({"image": None}, "it has no image to boot from; give image"),
        ({"state": "absent"}, "state: the role molecule decides about it; leave it out"),
        ({"name": "x"}, "name: the role molecule decides"),
        ("debian", "libvirt_domain is 'debian'; give a dictionary"),
        (
            {"cloud_init": "user_data=/x"},
            "cloud_init: the user and the key can't be added to a text",
        ),
        (
            {"cloud_init": {"user_data": "#cloud-config"}},
            "can't be added to a text; give user_data",
        ),
    ],
)
def test_what_cannot_be(given: t.Any, words: str) -> None:
    found = problem(given)
    assert found.startswith("web: ")
    assert words in found


def test_platforms() -> None:
    platforms = [
        {"name": "web", "groups": ["a"], "children": ["b"], "memory": 1},
        {"name": "db", "memory": 1, "libvirt": {"memory": 2}},
        {"name": "db"},
        {"memory": 1},
    ]
    found = molecule_guests(platforms, SETTINGS)["guests"]
    assert found[0]["options"]["memory"] == 1
    assert not {"groups", "children", "libvirt"} & set(found[0]["options"])
    assert "there are 2 guests of this name" in found[1]["problem"]
    assert "a platform has no name" in found[3]["problem"]
    for wrong in ("web", ["web"], None):
        with pytest.raises(AnsibleFilterError, match="give a list of dictionaries"):
            molecule_guests(wrong, SETTINGS)


def domain(name: str, tags: t.Sequence[str], **disks: str) -> dict[str, t.Any]:
    found = [{"target": target, "source": path, "device": "disk"} for target, path in disks.items()]
    return {"name": name, "tags": list(tags), "disks": found}


def going(given: t.Any, *found: dict[str, t.Any], former: t.Sequence[str] = ()) -> dict[str, t.Any]:
    entries = molecule_guests(given, SETTINGS, found, former)["going"]
    assert all(entry["state"] == "absent" and entry["shutdown"]["force"] for entry in entries)
    return {entry["name"]: entry["remove_volumes"] for entry in entries}


def test_what_goes() -> None:
    planned = molecule_guests({}, SETTINGS)
    tag, prefix = planned["tag"], planned["prefix"]
    assert going({}) == {}
    gone = going(
        {
            "web": {"disks": [{"size": 1}, {"size": 1, "pool": "fast", "format": "raw"}]},
            "web-1": None,
        },
        domain(f"{prefix}old", [tag], vda=f"/i/{prefix}old.qcow2", vdb="/data/mine.img"),
        domain(f"{prefix}other", ["molecule"], vda=f"/i/{prefix}other.qcow2"),
        domain("molecule-moved", ["before"], vda="/i/molecule-moved.snapshot"),
        former=["before"],
    )
    assert set(gone) == {f"{prefix}web", f"{prefix}web-1", f"{prefix}old", "molecule-moved"}
    assert gone[f"{prefix}old"] == ["vda", "cloud_init"]
    assert gone["molecule-moved"] == ["vda", "cloud_init"]
    assert gone[f"{prefix}web-1"] == [f"default/{prefix}web-1.qcow2", "cloud_init"]
    # Its second disk would be called as the first one of web-1, which has it.
    assert f"default/{prefix}web-1.qcow2" not in gone[f"{prefix}web"]
    assert f"fast/{prefix}web-2.img" in gone[f"{prefix}web"]
    assert f"default/{prefix}web.qcow2" in gone[f"{prefix}web"]


def test_what_goes_is_known_where_a_guest_can_not_be_made() -> None:
    prefix = molecule_guests({}, SETTINGS)["prefix"]
    gone = going({"web": {"image": "https://example.org/x"}, "db": "nonsense"})
    assert gone[f"{prefix}web"] == [f"default/{prefix}web.qcow2", "cloud_init"]
    assert gone[f"{prefix}db"] == [f"default/{prefix}db.qcow2", "cloud_init"]
