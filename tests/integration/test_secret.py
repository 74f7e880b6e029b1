# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""declarative.libvirt.secret and secret_info on a private libvirtd."""

from __future__ import annotations

import base64
import typing as t

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.secrets import Secret
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    secret,
    secret_info,
)

from .hypervisor import Hypervisor, task_of
from .three_ways import assert_fails, assert_unchanged, three_ways

UUID = "0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f"
CEPH = {"type": "ceph", "id": "client.libvirt"}
XML = "<secret {}><usage type='ceph'><name>client.libvirt</name></usage></secret>"
OTHER = (
    "<secret ephemeral='no' private='no'><description>old</description>"
    "<usage type='ceph'><name>client.libvirt</name></usage></secret>"
)
VALUE, ANOTHER = "first-value-of-it", "another-value-of-it"


class Secrets:
    """What the tests look at by libvirt's own calls."""

    def __init__(self, raw: t.Any) -> None:
        self.raw = raw

    def state(self) -> dict[str, tuple[str, bytes | None]]:
        return {
            one.UUIDString(): (one.XMLDesc(0), self.value(one)) for one in self.raw.listAllSecrets()
        }

    @staticmethod
    def value(one: t.Any) -> bytes | None:
        try:
            return bytes(one.value())
        except libvirt.libvirtError as error:
            return str(error.get_error_code()).encode()

    def ceph(self) -> t.Any:
        return self.raw.secretLookupByUsage(libvirt.VIR_SECRET_USAGE_TYPE_CEPH, CEPH["id"])

    def define(self, xml: str = OTHER, value: str | None = None) -> t.Any:
        made = self.raw.secretDefineXML(xml)
        if value is not None:
            made.setValue(value.encode())
        return made

    def clear(self) -> None:
        for one in self.raw.listAllSecrets():
            one.undefine()


@pytest.fixture
def secrets(hypervisor: Hypervisor) -> t.Iterator[Secrets]:
    found = Secrets(hypervisor.raw)
    found.clear()
    yield found
    hypervisor.clear()
    hypervisor.clear_pools()
    found.clear()


# New ones


def test_a_new_one_by_its_usage(secrets: Secrets) -> None:
    done = three_ways(secret, secrets.state, usage=CEPH, description="Disks", value=VALUE)
    made = secrets.ceph()
    assert made.value() == VALUE.encode()
    assert done.values["secret"] == {
        "uuid": made.UUIDString(),
        "state": "present",
        "usage": CEPH,
        "description": "Disks",
        "ephemeral": False,
        "private": False,
    }
    assert [(one["path"], one["op"], one["after"]) for one in done.values["changes"]][1:] == [
        ("value", "add", "VALUE_HIDDEN")
    ]


@pytest.mark.parametrize(
    "usage",
    [
        {"type": "volume", "id": "/var/lib/libvirt/images/a.img"},
        {"type": "iscsi", "id": "target"},
        {"type": "tls", "id": "key"},
        {"type": "vtpm", "id": "tpm"},
    ],
    ids=lambda usage: usage["type"],
)
def test_each_usage(secrets: Secrets, usage: dict[str, str]) -> None:
    three_ways(secret, secrets.state, usage=usage, private=True, value_base64="AAEC/w==")


def test_a_new_one_by_its_uuid(secrets: Secrets) -> None:
    three_ways(secret, secrets.state, uuid=UUID, ephemeral=True)
    assert secrets.value(secrets.raw.secretLookupByUUIDString(UUID)) == b"66"


def test_a_new_one_as_xml(secrets: Secrets) -> None:
    three_ways(secret, secrets.state, xml=XML.format("private='yes'"), uuid=UUID, value=VALUE)
    assert secrets.ceph().UUIDString() == UUID


def test_bytes(secrets: Secrets) -> None:
    value = bytes(range(256))
    three_ways(
        secret,
        secrets.state,
        usage=CEPH,
        value_base64=base64.encodebytes(value).decode(),
        update_value="if_different",
    )
    assert secrets.ceph().value() == value


def test_a_value_that_libvirt_refuses_leaves_no_secret(
    secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Secret, _value: bytes) -> None:
        raise HypervisorError("libvirt failed to set the secret's value: no room")

    monkeypatch.setattr(Secret, "set_value", refuse)
    failed = task_of(secret, usage=CEPH, value=VALUE)
    assert failed.failed
    assert "the secret that was made is removed again" in failed.msg
    assert secrets.state() == {}


# Those that exist


def test_one_that_says_the_opposite(secrets: Secrets) -> None:
    made = secrets.define(value=ANOTHER)
    three_ways(
        secret,
        secrets.state,
        usage=CEPH,
        description="new",
        private=True,
    )
    assert secrets.ceph().UUIDString() == made.UUIDString()
    assert "private='yes'" in made.XMLDesc()


def test_what_is_not_said_stays(secrets: Secrets) -> None:
    secrets.define(value=ANOTHER)
    assert_unchanged(secret, secrets.state, usage=CEPH)
    assert_unchanged(secret, secrets.state, usage=CEPH, value=VALUE)
    assert_unchanged(secret, secrets.state, uuid=secrets.ceph().UUIDString(), private=False)
    done = three_ways(secret, secrets.state, xml=XML.format(""))
    assert [one["path"] for one in done.values["changes"]] == ["/secret/description"]
    assert secrets.ceph().value() == ANOTHER.encode()


def test_a_new_value(secrets: Secrets) -> None:
    secrets.define(value=ANOTHER)
    options: dict[str, t.Any] = {"usage": CEPH, "value": VALUE, "update_value": "if_different"}
    done = three_ways(secret, secrets.state, **options)
    assert done.values["changes"] == [
        {
            "path": "value",
            "op": "modify",
            "before": "VALUE_HIDDEN",
            "after": "VALUE_HIDDEN (changed)",
            "when": "config",
        }
    ]
    assert done.values["diff"][-1]["after"] == "value: VALUE_HIDDEN (changed)\n"
    assert secrets.ceph().value() == VALUE.encode()


def test_a_value_that_lacks(secrets: Secrets) -> None:
    secrets.define()
    options: dict[str, t.Any] = {"usage": CEPH, "value": VALUE, "update_value": "if_different"}
    done = three_ways(secret, secrets.state, **options)
    assert done.values["changes"][0]["op"] == "add"


def test_always(secrets: Secrets) -> None:
    secrets.define(value=VALUE)
    options: dict[str, t.Any] = {"usage": CEPH, "value": ANOTHER, "update_value": "always"}
    assert task_of(secret, check=True, **options).changed
    assert secrets.ceph().value() == VALUE.encode()
    for _run in range(2):
        assert task_of(secret, **options).changed
        assert secrets.ceph().value() == ANOTHER.encode()


def test_the_value_of_a_private_one_is_not_compared(secrets: Secrets) -> None:
    secrets.define(OTHER.replace("private='no'", "private='yes'"), VALUE)
    options: dict[str, t.Any] = {"usage": CEPH, "value": ANOTHER, "update_value": "if_different"}
    assert_fails(secret, secrets.state, "update_value: ", **options)
    assert_fails(secret, secrets.state, "update_value: ", description="x", **options)
    assert_unchanged(secret, secrets.state, usage=CEPH, value=ANOTHER)


def test_new_private_ones_are_refused_alike(secrets: Secrets) -> None:
    options: dict[str, t.Any] = {
        "usage": CEPH,
        "value": VALUE,
        "update_value": "if_different",
        "private": True,
    }
    assert_fails(secret, secrets.state, "update_value: ", **options)


# What can't be


def test_what_libvirt_can_not_take_back(secrets: Secrets) -> None:
    secrets.define(OTHER.replace("private='no'", "private='yes'"), VALUE)
    assert_fails(secret, secrets.state, "private: ", usage=CEPH, private=False)
    assert_fails(secret, secrets.state, "xml: private=: ", xml=XML.format(""))
    assert_fails(secret, secrets.state, "ephemeral: ", usage=CEPH, ephemeral=True)


def test_ephemeral_ones_can_be_kept(secrets: Secrets) -> None:
    secrets.define(OTHER.replace("ephemeral='no'", "ephemeral='yes'"), VALUE)
    three_ways(secret, secrets.state, usage=CEPH, ephemeral=False)
    assert secrets.ceph().value() == VALUE.encode()


def test_what_it_is_for_can_not_be_changed(secrets: Secrets) -> None:
    uuid = secrets.define().UUIDString()
    other = {"type": "iscsi", "id": "client.libvirt"}
    assert_fails(secret, secrets.state, "usage: ", uuid=uuid, usage=other)
    without = f"<secret><uuid>{uuid}</uuid></secret>"
    assert_fails(secret, secrets.state, "xml: <usage>: ", xml=without)
    assert_fails(secret, secrets.state, f"has the UUID {uuid}", uuid=UUID, usage=CEPH)


def test_what_is_wrong(secrets: Secrets) -> None:
    assert_fails(secret, secrets.state, "neither a uuid nor a usage", xml="<secret/>")
    assert_fails(secret, secrets.state, "uuid: ", uuid="nonsense")
    assert_fails(secret, secrets.state, "description: ", usage=CEPH, description=" ")
    assert_fails(secret, secrets.state, "value: ", usage=CEPH, value="")
    assert_fails(secret, secrets.state, "value_base64: ", usage=CEPH, value_base64="%%%")
    assert_fails(secret, secrets.state, "too long", usage=CEPH, value="x" * 65537)
    assert_fails(secret, secrets.state, "state=absent", xml="<secret/>", state="absent")
    relative = {"type": "volume", "id": "web.img"}
    assert_fails(secret, secrets.state, "usage.id: 'web.img' is no absolute path", usage=relative)
    assert_fails(
        secret, secrets.state, "volume", usage={"type": "volume", "id": "no path"}, value=VALUE
    )
    assert secrets.state() == {}


@pytest.mark.parametrize("spelled", [f" {UUID.upper()} ", f"{{{UUID}}}", UUID.replace("-", "")])
def test_each_spelling_of_a_uuid_is_the_same(secrets: Secrets, spelled: str) -> None:
    three_ways(secret, secrets.state, uuid=spelled, usage=CEPH)
    assert secrets.ceph().UUIDString() == UUID
    three_ways(secret, secrets.state, uuid=spelled, state="absent")
    assert secrets.state() == {}


def test_a_description_goes_with_a_document_without_it(secrets: Secrets) -> None:
    secrets.define(value=VALUE)
    assert_fails(secret, secrets.state, "mode=exact", usage=CEPH, description="")
    three_ways(secret, secrets.state, xml=XML.format(""), mode="exact")
    assert "description" not in secrets.ceph().XMLDesc()
    assert secrets.ceph().value() == VALUE.encode()


# Removal


def test_one_with_another_uuid_is_not_removed(secrets: Secrets) -> None:
    secrets.define(value=VALUE)
    assert_fails(
        secret, secrets.state, f"but {UUID} is asked for", usage=CEPH, uuid=UUID, state="absent"
    )
    uuid = secrets.ceph().UUIDString()
    three_ways(secret, secrets.state, usage=CEPH, uuid=uuid, state="absent")
    assert secrets.state() == {}


def test_removed(secrets: Secrets) -> None:
    secrets.define(value=VALUE)
    done = three_ways(secret, secrets.state, usage=CEPH, state="absent")
    assert done.values["secret"]["state"] == "absent"
    assert secrets.state() == {}
    uuid = secrets.define(value=VALUE).UUIDString()
    three_ways(secret, secrets.state, uuid=uuid, state="absent")


_DISK = (
    "<disk type='network'><auth username='u'>{}</auth>"
    "<source protocol='rbd' name='a/b'><host name='h'/></source><target dev='vda'/></disk>"
)
_ENCRYPTED = (
    "<disk type='file'><source file='/a'><encryption format='luks'>{}</encryption></source>"
    "<target dev='vda'/></disk>"
)
_TPM = "<tpm><backend type='emulator' version='2.0'><encryption secret='{}'/></backend></tpm>"
_DOMAIN = (
    "<domain type='qemu'><name>guest</name><memory unit='MiB'>32</memory>"
    "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>{}</devices></domain>"
)
_BY_UUID = "<secret type='{}' uuid='" + UUID + "'/>"
_BY_USAGE = "<secret type='{}' usage='{}'/>"


@pytest.mark.parametrize(
    ("usage", "device"),
    [
        (CEPH, _DISK.format(_BY_UUID.format("ceph"))),
        (CEPH, _DISK.format(_BY_USAGE.format("ceph", CEPH["id"]))),
        ({"type": "volume", "id": "/a"}, _ENCRYPTED.format(_BY_UUID.format("passphrase"))),
        ({"type": "volume", "id": "/a"}, _ENCRYPTED.format(_BY_USAGE.format("passphrase", "/a"))),
        ({"type": "vtpm", "id": "tpm"}, _TPM.format(UUID)),
    ],
    ids=["disk", "disk by usage", "encryption", "encryption by usage", "tpm"],
)
def test_what_a_domain_uses_stays(
    secrets: Secrets, hypervisor: Hypervisor, usage: dict[str, str], device: str
) -> None:
    task_of(secret, usage=usage, uuid=UUID, value=VALUE)
    hypervisor.raw.defineXML(_DOMAIN.format(device))
    absent: dict[str, t.Any] = {"usage": usage, "state": "absent"}
    assert_fails(secret, secrets.state, "used by domain 'guest'", **absent)
    done = three_ways(secret, secrets.state, force=True, **absent)
    assert "it was used by domain 'guest'" in str(done.values["warnings"])


def test_what_a_running_guest_or_a_pool_uses_stays(
    secrets: Secrets, hypervisor: Hypervisor
) -> None:
    usage: dict[str, t.Any] = {"type": "iscsi", "id": "portal"}
    task_of(secret, usage=usage, uuid=UUID, value=VALUE)
    other = {"type": "ceph", "id": "portal"}
    task_of(secret, usage=other, value=VALUE)
    hypervisor.raw.storagePoolDefineXML(
        "<pool type='iscsi'><name>targets</name><source><host name='h'/>"
        "<device path='iqn.2026-01.example:a'/><auth type='chap' username='u'>"
        "<secret usage='portal'/></auth></source><target><path>/dev/disk/by-path</path></target>"
        "</pool>"
    )
    assert_fails(secret, secrets.state, "used by pool 'targets'", usage=usage, state="absent")
    disk = _ENCRYPTED.format(_BY_UUID.format("passphrase"))
    hypervisor.raw.defineXML(_DOMAIN.format(disk))
    words = "used by domain 'guest', pool 'targets'"
    assert_fails(secret, secrets.state, words, usage=usage, state="absent")


def test_info(secrets: Secrets) -> None:
    made = secrets.define(value=VALUE)
    secrets.define(f"<secret ephemeral='yes' private='yes'><uuid>{UUID}</uuid></secret>")
    every = task_of(secret_info, check=True)
    assert not every.changed
    ceph = {
        "uuid": made.UUIDString(),
        "usage": CEPH,
        "description": "old",
        "ephemeral": False,
        "private": False,
        "xml": made.XMLDesc(),
    }
    assert [one["uuid"] for one in every.values["secrets"]] == [UUID, made.UUIDString()]
    assert VALUE not in str(every.values)
    assert task_of(secret_info, usage={"type": "ceph"}).values["secrets"] == [ceph]
    assert task_of(secret_info, usage=CEPH, uuid=[UUID]).values["secrets"] == []
    (plain,) = task_of(secret_info, uuid=[UUID.upper()]).values["secrets"]
    assert (plain["usage"], plain["private"]) == (None, True)
