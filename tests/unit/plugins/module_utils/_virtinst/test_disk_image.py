# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.disk import storage_of
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.disk_image import (
    image_request,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import (
    GIB,
    Existing,
    NewVolume,
    Pool,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element

from .hosts import Storage, guest

DIGEST = "a" * 64
IMAGE = {"url": "https://a/b.qcow2", "checksum": f"sha256:{DIGEST}"}
KEPT = f"sha256-{DIGEST}"


def disk_of(value: object, storage: Storage | None = None) -> Element:
    made = guest("<domain><name>x</name></domain>", storage=storage or Storage())
    return apply(made, "disk", value)[0]


def made(storage: Storage | None = None, **of_disk: t.Any) -> NewVolume:
    volume = storage_of(disk_of(of_disk, storage))
    assert isinstance(volume, NewVolume)
    return volume


def test_a_disk_is_based_on_the_image_that_the_pool_keeps() -> None:
    disk = disk_of({"size": 20, "image": IMAGE})
    assert disk.value("source/@file") == "/images/x.qcow2"
    volume = made(size=20, image=IMAGE)
    assert volume.image is not None
    assert (volume.name, volume.format, volume.capacity) == ("x.qcow2", "qcow2", 20 * GIB)
    assert (volume.backing, volume.new_image) == (f"/images/{KEPT}", f"/images/{KEPT}")
    # It is there already.
    there = Existing(f"/images/{KEPT}", "file", "qcow2", 2 * GIB)
    volume = made(Storage(KEPT, existing=[there]), size=20, image=IMAGE)
    assert (volume.backing, volume.new_image) == (f"/images/{KEPT}", None)


def test_without_a_size_it_is_that_of_the_image() -> None:
    volume = made(image=IMAGE)
    assert volume.capacity == 0


def test_an_image_with_an_unknown_checksum_has_no_known_place() -> None:
    volume = made(image={**IMAGE, "checksum": "https://a/SHA256SUMS"})
    assert (volume.backing, volume.new_image) == (None, None)


def test_a_copy_is_based_on_nothing() -> None:
    volume = made(image={**IMAGE, "copy": True}, format="raw")
    assert (volume.backing, volume.new_image) == (None, f"/images/{KEPT}")
    assert volume.format == "raw"


def test_what_is_left_over_is_used_only_if_it_is_based_on_the_image() -> None:
    path = "/images/x.qcow2"
    for backing, more, is_used in (
        (f"/images/{KEPT}", {}, True),
        ("/images/other", {}, False),
        (None, {"copy": True}, False),
        (None, {"checksum": "https://a/SHA256SUMS"}, False),
    ):
        left = Existing(path, "file", "qcow2", GIB, backing=backing, volume="x.qcow2")
        storage = Storage("x.qcow2", existing=[left], empty=[path])
        volume = made(storage, size=1, image={**IMAGE, **more})
        assert (volume.name == "x.qcow2") is is_used
        assert volume.exists is is_used


def test_a_size_that_is_less_than_the_image_is_refused() -> None:
    there = Existing(f"/images/{KEPT}", "file", "qcow2", 2 * GIB)
    storage = Storage(KEPT, existing=[there])
    assert "size asks for" in str(made(storage, size=1, image=IMAGE).refusal)
    assert made(storage, size=2, image=IMAGE).refusal is None


def test_a_pool_of_devices_has_no_images() -> None:
    pool = Pool("vg", "logical", "/dev/vg", True, 100 * GIB, frozenset())
    with pytest.raises(OptionError, match="are no files"):
        made(Storage(pool=pool), pool="vg", size=1, image=IMAGE)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"checksum": DIGEST}, "give one of url, src and volume"),
        ({"url": "https://a/b", "volume": "a/b"}, "url and volume contradict"),
        ({"url": "https://a/b"}, "needs a checksum"),
        ({"url": "https:b", "checksum": DIGEST}, "no URL"),
        ({"url": "gopher://a/b", "checksum": DIGEST}, "no URL"),
        ({"src": "/a", "ca_path": "/b"}, "ca_path is of no use"),
        ({"src": "/a", "checksum": "1"}, "checksum: '1'"),
        ({"src": "/a", "copy": "perhaps"}, "copy: perhaps"),
        ({**IMAGE, "timeout": "0"}, "timeout: 0"),
        ({**IMAGE, "timeout": "nan"}, "timeout: nan"),
    ],
)
def test_what_makes_no_sense_is_refused(texts: dict[str, str], words: str) -> None:
    with pytest.raises(OptionError, match=f"disk: image: .*{words}"):
        image_request(texts)


def test_a_file_url_is_a_path() -> None:
    found = image_request({"url": "file:///srv/a%20b.img"})
    assert found is not None
    assert (found.url, found.src) == (None, "/srv/a b.img")
    assert image_request({}) is None


def test_a_line_of_virt_install_has_them_too() -> None:
    text = f"size=1,image.url=https://a/b,image.checksum=sha256:{DIGEST},image.copy=yes"
    volume = storage_of(disk_of(text))
    assert isinstance(volume, NewVolume)
    assert volume.image is not None
    assert (volume.image.url, volume.image.copy) == ("https://a/b", True)
