# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._images.checksum import Checksum
from ansible_collections.declarative.libvirt.plugins.module_utils._images.request import (
    ImageRequest,
    is_kept_image,
    shown_url,
)

KNOWN = Checksum("sha256", "a" * 64)
URL = "https://me:secret@images.example/a/debian%2B12.qcow2?token=secret"


def test_an_image_is_kept_by_its_checksum() -> None:
    request = ImageRequest(url=URL, checksum=KNOWN)
    assert request.name == f"sha256-{'a' * 64}"
    assert ImageRequest(src="/b", checksum=KNOWN).name == request.name
    assert request._replace(decompress=False).name == f"{request.name}-as-is"
    for unknown in (
        request._replace(checksum=Checksum(None, None, "/SUMS")),
        ImageRequest(src="/b"),
        ImageRequest(volume="/b", checksum=KNOWN),
    ):
        assert unknown.name is None
    assert is_kept_image(f"/images/{request.name}")
    assert is_kept_image(f"/images/{request.name}-as-is")
    assert not is_kept_image("/images/debian.qcow2")


def test_nobody_sees_what_may_be_secret_in_a_url() -> None:
    assert shown_url(URL) == "https://images.example/a/debian%2B12.qcow2"
    assert ImageRequest(url=URL).title == shown_url(URL)


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (ImageRequest(url=URL), "debian+12.qcow2"),
        (ImageRequest(src="/srv/a%20b.img"), "a%20b.img"),
        (ImageRequest(volume="/srv/c"), "c"),
    ],
)
def test_its_name_in_a_file_of_checksums(request_: ImageRequest, name: str) -> None:
    assert request_.file_name == name
