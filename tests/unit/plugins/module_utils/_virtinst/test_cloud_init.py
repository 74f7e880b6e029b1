# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cloud-init is told, and the image with it."""

from __future__ import annotations

import io
import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.cloud_init import (
    seed_files,
    seed_volume,
    with_instance_id,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.seed_image import (
    SEED,
    mark_of,
    seed_image,
    seed_name,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.seed_plan import (
    seed_drive,
    seed_plan,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

from .hosts import Storage, guest

_NAMED = "<domain><name>web</name></domain>"
#: Where the first descriptor of an ISO 9660 image ends.
_BEGINNING = 34 * 1024


def user_data(value: object) -> t.Any:
    text = seed_files(guest(), value)["user-data"]
    assert text.startswith("#cloud-config\n")
    return json.loads(text.partition("\n")[2] or "null")


def test_documents_as_yaml_and_as_text() -> None:
    files = seed_files(
        guest(),
        {"user_data": {"hostname": "web"}, "meta-data": "instance-id: 1\n", "network_config": {}},
    )
    assert files == {
        "user-data": '#cloud-config\n{\n  "hostname": "web"\n}\n',
        "meta-data": "instance-id: 1\n",
        "network-config": "{}\n",
    }


def test_files_as_virt_install_takes_them(tmp_path: Path) -> None:
    for name, text in (("user", "#cloud-config\nx: y\n"), ("key", "ssh-ed25519 AAAA me\n")):
        (tmp_path / name).write_text(text)
    assert seed_files(guest(), f"user-data={tmp_path}/user") == {
        "user-data": "#cloud-config\nx: y\n",
        "meta-data": "",
    }
    keys = f"root-ssh-key={tmp_path}/key,clouduser-ssh-key={tmp_path}/key,disable=on"
    assert user_data(keys) == {
        "users": ["default", {"name": "root", "ssh_authorized_keys": ["ssh-ed25519 AAAA me"]}],
        "ssh_authorized_keys": ["ssh-ed25519 AAAA me"],
        "runcmd": ["echo 'Disabled after the first boot' > /etc/cloud/cloud-init.disabled"],
    }


def test_a_password_and_keys() -> None:
    assert user_data({"root_password": "secret", "ssh_keys": ["a", "b"]}) == {
        "chpasswd": {"list": "root:secret\n", "expire": False},
        "users": ["default", {"name": "root", "ssh_authorized_keys": ["a", "b"]}],
    }


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "cloud_init has nothing to do"),
        (True, "cloud_init has nothing to do"),
        ({}, "cloud_init has nothing to do"),
        ({"root_ssh_key": "/no/such/file"}, "root_ssh_key: can't read /no/such/file"),
        ({"ssh_key": ["ssh-ed25519 AAAA"]}, "a public key itself is given by ssh_keys"),
        ("root-password-generate=on", "a password that is made up has to be kept"),
        ({"user_dat": "x"}, "did you mean user_data?"),
        ({"user_data": "x", "root_password": "y"}, "contradict each other"),
        ("user-data=/no/such/file", "can't read /no/such/file: No such file"),
        (["x"], "takes a dictionary or a string"),
        ({"seed": "always"}, "seed has no data to hand over; give user_data"),
        ({"user_data": "x", "seed": "never"}, "seed is one of once, always, next_boot"),
        ({"ssh_keys": 5}, "ssh_keys takes a public key or a list of them"),
        ({"ssh_keys": [{}]}, "ssh_keys takes a public key or a list of them"),
    ],
)
def test_what_can_not_be(value: object, reason: str) -> None:
    with pytest.raises(OptionError) as error:
        seed_files(guest(), value)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("text", "notes"),
    [("packages: [vim]\n", 1), ("#cloud-config\n", 0), ("#!/bin/sh\n", 0), ("", 0)],
)
def test_user_data_that_is_ignored_is_noted(text: str, notes: int) -> None:
    made = guest()
    assert seed_files(made, {"user_data": text})["user-data"] == text
    assert len(made.notes) == notes


def test_the_volume_is_named_by_the_domain() -> None:
    pytest.importorskip("pycdlib")
    volume = seed_volume(guest(_NAMED), {"user_data": "x"})
    assert (volume.name, volume.path) == ("web-cloudinit.iso", "/images/web-cloudinit.iso")
    assert volume.content is not None
    assert not volume.exists


def test_the_volume_of_an_existing_domain_is_found_again() -> None:
    pytest.importorskip("pycdlib")
    facts = {"storage": Storage("web-cloudinit.iso"), "domains": ["web"]}
    assert seed_volume(guest(_NAMED, **facts), {"user_data": "x"}).exists


@pytest.mark.parametrize(
    ("meta_data", "expected"),
    [
        ("", '{\n  "instance-id": "new"\n}\n'),
        ('{"local-hostname": "a"}', '{\n  "instance-id": "new",\n  "local-hostname": "a"\n}\n'),
        ('{"instance-id": "a"}', '{"instance-id": "a"}'),
        ("local-hostname: a\n", "instance-id: new\nlocal-hostname: a\n"),
        ("---\nlocal-hostname: a\n", "---\ninstance-id: new\nlocal-hostname: a\n"),
        ("x: y\ninstance-id: a\n", "x: y\ninstance-id: a\n"),
    ],
)
def test_an_instance_has_an_id(meta_data: str, expected: str) -> None:
    assert with_instance_id(meta_data, "new") == expected


_DATA = {"user_data": {"hostname": "web"}}
_OTHER = {"user_data": {"hostname": "other"}}
_MARK = mark_of(seed_files(guest(_NAMED), _DATA))
_OTHER_MARK = mark_of(seed_files(guest(_NAMED), _OTHER))
_OTHER_NAME = seed_name("web", _OTHER_MARK)


@pytest.mark.parametrize(
    ("value", "marks", "drive", "made", "path"),
    [
        # The data that the guest was given: nothing is to be done.
        ({**_DATA}, {"web-cloudinit.iso": _MARK}, "", None, None),
        ({**_DATA, "seed": "next_boot"}, {"web-cloudinit.iso": _MARK}, "", None, None),
        ({**_DATA, "seed": "always"}, {"web-cloudinit.iso": _MARK}, "", None, "web-cloudinit.iso"),
        # Other data.
        ({**_OTHER}, {"web-cloudinit.iso": _MARK}, "", None, None),
        (
            {**_OTHER, "seed": "next_boot"},
            {"web-cloudinit.iso": _MARK},
            "",
            _OTHER_NAME,
            _OTHER_NAME,
        ),
        ({**_OTHER, "seed": "always"}, {"web-cloudinit.iso": _MARK}, "", _OTHER_NAME, _OTHER_NAME),
        # The second time.
        ({**_OTHER, "seed": "next_boot"}, {_OTHER_NAME: _OTHER_MARK}, _OTHER_NAME, None, None),
        # The first data again, while the guest has the other ones.
        (
            {**_DATA, "seed": "next_boot"},
            {"web-cloudinit.iso": _MARK, _OTHER_NAME: _OTHER_MARK},
            _OTHER_NAME,
            seed_name("web", _MARK),
            seed_name("web", _MARK),
        ),
        # A domain that was made without.
        ({**_DATA}, {}, "", None, None),
        ({**_DATA, "seed": "next_boot"}, {}, "", seed_name("web", _MARK), seed_name("web", _MARK)),
    ],
)
def test_data_of_a_domain_that_exists(
    value: dict[str, t.Any],
    marks: dict[str, bytes],
    drive: str,
    made: str | None,
    path: str | None,
) -> None:
    pytest.importorskip("pycdlib")
    source = f"<source file='/images/{drive}'/>" if drive else ""
    actual = parse(
        f"<domain><name>web</name><devices><disk device='cdrom'>{source}<target dev='sdb'/></disk>"
        "</devices></domain>"
    )
    web = guest(_NAMED, storage=Storage(*marks, marks=marks), domains=["web"])
    plan = seed_plan(web, value, actual)
    assert (plan.volume.name if plan.volume else None) == made
    assert (plan.path if plan.is_new else None) == (path and f"/images/{path}")
    is_lost = value == _OTHER or (value == _DATA and not marks)
    lost = [note for note in web.notes if "don't reach it" in note]
    assert len(lost) == is_lost
    # Other data than it has, or any data where it has none.
    assert any("no volume default/web-cloudinit.iso" in note for note in lost) == (
        not marks and is_lost
    )
    if plan.is_new:
        requested, current = seed_drive(plan, actual)
        assert current is actual.find("devices/disk")
        assert requested.value("source/@file") == plan.path
        assert requested.value("target/@dev") == "sdb"


def test_the_image_tells_what_is_in_it() -> None:
    pycdlib = pytest.importorskip("pycdlib")
    files = {"user-data": "#cloud-config\n", "meta-data": ""}
    content = seed_image(files, mark_of(files))
    assert mark_of(files) in content[:_BEGINNING]
    assert mark_of({**files, "meta-data": "x"}) not in content
    assert content[:_BEGINNING].count(SEED) == 1
    image, read = pycdlib.PyCdlib(), io.BytesIO()
    image.open_fp(io.BytesIO(content))
    assert image.pvd.volume_identifier.strip() == b"cidata"
    image.get_file_from_iso_fp(read, joliet_path="/user-data")
    assert read.getvalue() == b"#cloud-config\n"
