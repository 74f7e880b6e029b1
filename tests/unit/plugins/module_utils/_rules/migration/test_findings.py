# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each thing that is in the way of a migration is found, and named with its remedy."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.migration.findings import (
    Guest,
    Host,
    Pool,
    Wish,
    findings,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

IMAGE = "/images/web.qcow2"
DISK = (
    "<disk type='file' device='disk'><driver type='qcow2'/><source file='/images/web.qcow2'/>"
    "<target dev='vda'/></disk>"
)
BLOCK = (
    "<disk type='block' device='disk'><driver type='raw'/><source dev='/dev/vg/web'/>"
    "<target dev='vda'/></disk>"
)
VOLUME = (
    "<disk type='volume' device='disk'><source pool='fast' volume='web'/><target dev='vdb'/></disk>"
)
MEDIUM = (
    "<disk type='file' device='cdrom'><source file='/images/setup.iso'/><target dev='sda'/>"
    "<readonly/></disk>"
)
POOL = Pool("images", True, "/images", frozenset({"setup.iso"}), 10**9)
HOST = Host(
    name="second",
    uuid="2",
    networks={"default": True, "off": False},
    nwfilters=frozenset({"web"}),
    secrets=frozenset({"5", "volume /a"}),
    pools=(POOL,),
)
HAS_IMAGE = HOST._replace(pools=(POOL._replace(volumes=frozenset({"web.qcow2"})),))
FULL, INCREMENTAL = Wish(True, "full"), Wish(True, "incremental")


def guest(devices: str = "", more: str = "", **fields) -> Guest:
    document = parse(f"<domain type='kvm'>{more}<devices>{devices}</devices></domain>")
    usual = {"name": "web", "uuid": "u", "host": "first", "host_uuid": "1", "version": 9_000_000}
    return Guest(**{**usual, "document": document, "is_active": True, **fields})


def found(one: Guest, host: Host = HOST, wish: Wish | None = None, own=()) -> list[str]:
    return list(findings(one, host, wish or Wish(True), own))


def nic(network: str = "default", more: str = "") -> str:
    return f"<interface type='network'><source network='{network}'/>{more}</interface>"


@pytest.mark.parametrize(
    ("one", "host", "wish", "words"),
    [
        (guest(host_uuid="2"), HOST, Wish(True), "destination: it is the host of the guest"),
        (guest(job="an outgoing migration"), HOST, Wish(True), "an outgoing migration is in"),
        (guest(block_jobs=("vda",)), HOST, Wish(True), "the disk vda has a block job"),
        (guest(kept=("snapshot a",)), HOST, Wish(True), "it has snapshot a, with which"),
        (
            guest(kept=("checkpoint a",)),
            HOST,
            Wish(True),
            "remove checkpoints with state: absent of domain_checkpoint",
        ),
        (guest(is_active=False, is_saved=True), HOST, Wish(False), "its state is saved"),
        (guest(is_active=False, has_tpm=True), HOST, Wish(False), "it has a TPM"),
        (guest(is_active=False, nvram="/n"), HOST, Wish(False), "variables of its UEFI (/n)"),
        (guest(), HOST._replace(namesake="9"), Wish(True), "another domain 'web' (UUID 9)"),
        (guest(), HOST._replace(other_name="old"), Wish(True), "under another name, 'old'"),
        (guest(), HOST._replace(stale=("a saved state",)), Wish(True), "second has a saved state"),
        (guest(), HOST._replace(emulator="no such"), Wish(True), "this machine: no such"),
        (guest(), HOST._replace(cpu="no avx"), Wish(True), "the guest has: no avx"),
        (guest(nic("lab")), HOST, Wish(True), "has no network 'lab'"),
        (guest(nic("off")), HOST, Wish(True), "the network 'off' of second is off"),
        (guest(nic(more="<filterref filter='db'/>")), HOST, Wish(True), "no nwfilter 'db'"),
        (
            guest("<disk><auth><secret type='ceph' usage='key'/></auth></disk>"),
            HOST,
            Wish(True),
            "has no secret 'ceph key'",
        ),
        (guest(DISK, unshared=frozenset({IMAGE})), HOST, Wish(True), "vda is /images/web.qcow2"),
        (
            guest(DISK, unshared=frozenset({IMAGE})),
            HOST,
            Wish(True, is_unsafe=True),
            "has no /images/web.qcow2, which vda is; copy it there, or set copy_storage: full",
        ),
        (
            guest(DISK.replace("</disk>", "<shareable/></disk>"), unshared=frozenset({IMAGE})),
            HAS_IMAGE,
            FULL,
            "doesn't share; put the image on shared storage",
        ),
        (
            guest(DISK, is_active=False, is_remote=True),
            HAS_IMAGE,
            Wish(False),
            "is seen only by a task on the host",
        ),
        (guest(VOLUME), HOST, Wish(True), "has no storage pool 'fast'"),
        (
            guest(VOLUME),
            HOST._replace(pools=(Pool("fast", False, "/fast", frozenset(), None),)),
            Wish(True),
            "the storage pool 'fast' of second is off",
        ),
        (
            guest(VOLUME),
            HOST._replace(pools=(Pool("fast", True, "/fast", frozenset(), None),)),
            Wish(True),
            "has no volume 'web'",
        ),
        (guest(DISK), HOST._replace(pools=()), FULL, "no active storage pool over /images"),
        (
            guest(DISK),
            HAS_IMAGE,
            FULL,
            "second has /images/web.qcow2 already",
        ),
        (guest(DISK), HOST, INCREMENTAL, "second has no /images/web.qcow2, and incremental"),
        (
            guest(DISK, is_active=False),
            HAS_IMAGE,
            Wish(False, "incremental"),
            "the guest is off, so",
        ),
        (guest(BLOCK), HOST, FULL, "vda is the block device /dev/vg/web"),
        (guest(BLOCK, is_active=False), HOST, Wish(False, "full"), "vda is the block device"),
        (guest(DISK.replace("'qcow2'", "'vmdk'")), HOST, FULL, "vda is in vmdk"),
        (guest(DISK, sizes={"vda": 2 * 10**9}), HOST, FULL, "need up to 2000000000 bytes"),
        (
            guest(DISK, is_active=False, chained=frozenset({"vda"})),
            HOST,
            Wish(False, "full"),
            "vda has a backing file",
        ),
        (
            guest(MEDIUM.replace("setup", "other")),
            HOST,
            Wish(True),
            "has no /images/other.iso, which sda is",
        ),
    ],
)
def test_it_is_found(one, host, wish, words):
    (finding,) = found(one, host, wish)
    assert words in finding
    option, _colon, rest = finding.partition(": ")
    assert option in {"domain", "destination", "copy_storage"}
    assert "; " in rest


@pytest.mark.parametrize(
    ("one", "wish", "own"),
    [
        (guest(), Wish(True), ()),
        (guest(nic(more="<filterref filter='web'/>")), Wish(True), ()),
        (guest("<x><secret uuid='5'/><secret type='volume' usage='/a'/></x>"), Wish(True), ()),
        (guest(DISK.replace("/images", "/shared") + MEDIUM), Wish(True), ()),
        (
            guest(DISK.replace("/images", "/shared"), unshared=frozenset({"/shared/web.qcow2"})),
            Wish(True, is_unsafe=True),
            (),
        ),
        (guest(DISK, unshared=frozenset({IMAGE}), sizes={"vda": 10**8}), FULL, ()),
        (
            guest(DISK.replace("/images", "/x"), is_active=False, is_remote=True),
            Wish(False, is_unsafe=True),
            (),
        ),
        (guest(BLOCK, is_active=False, is_remote=True), Wish(False), ()),
        (guest(is_active=False, has_tpm=True, nvram="/n"), Wish(False, is_unsafe=True), ()),
    ],
)
def test_nothing_is_in_the_way(one, wish, own):
    assert found(one, wish=wish, own=own) == []


def test_an_image_that_both_hosts_share_is_not_copied():
    one = guest(DISK, shared=frozenset({IMAGE}))
    for wish in (FULL, INCREMENTAL):
        assert found(one, HAS_IMAGE, wish) == []


def test_what_an_earlier_run_has_left_is_not_in_the_way():
    there = HOST._replace(
        pools=(POOL._replace(volumes=frozenset({"web.qcow2"}), available=0),),
    )
    one = guest(DISK, sizes={"vda": 10**8})
    assert found(one, there, FULL)
    assert found(one, there, FULL, own=(IMAGE,)) == []


def test_a_part_of_a_guest_is_all_that_is_said():
    (words,) = found(guest(nic("lab"), job="an outgoing migration", is_half=True))
    assert words.startswith("domain: a post-copy migration has failed: the guest went on at")


def test_all_are_found():
    assert len(found(guest(nic("lab") + nic("off") + VOLUME, job="a save"))) == 4
