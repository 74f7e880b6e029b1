# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._images.checksum import (
    ALGORITHMS,
    Checksum,
    digest_in,
    read_checksum,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._images.errors import ImageError

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"sha256:{A}", Checksum("sha256", A)),
        (f"SHA-256: {A.upper()} ", Checksum("sha256", A)),
        *((("1" * length), Checksum(name, "1" * length)) for length, name in ALGORITHMS.items()),
        ("https://a/SHA256SUMS", Checksum(None, None, "https://a/SHA256SUMS")),
        ("sha512:http://a/SUMS", Checksum("sha512", None, "http://a/SUMS")),
        ("/srv/SUMS", Checksum(None, None, "/srv/SUMS")),
        ("md5:/srv/SUMS", Checksum("md5", None, "/srv/SUMS")),
    ],
)
def test_a_checksum_has_several_forms(text: str, found: Checksum) -> None:
    assert read_checksum(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "sha256", "sha256:", f"sha256:{A[1:]}", f"sha1:{A}", f"crc32:{A}", "SHA256SUMS", f"{A}g"],
)
def test_what_is_no_checksum_is_refused(text: str) -> None:
    with pytest.raises(ImageError):
        read_checksum(text)


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (f"{B}  other\n{A}  x.img\n", A),
        (f"{A} *x.img", A),
        (f"{A}\tx.img\r\n", A),
        (f"{A}  ./some/where/x.img", A),
        (f"{A.upper()}  x.img", A),
        (f"SHA256 (x.img) = {A}", A),
        (f"SHA256(x.img)= {A}", A),
        (f"# x.img: 12 bytes\nSHA256 (x.img) = {A}\n", A),
        (f"MD5 (x.img) = {'c' * 32}\nSHA256 (x.img) = {A}", A),
        (f"\n{A}\n", A),
        (f"{A}\n{B}\n", None),
        (f"{A}  x.img.sig", None),
        (f"{A}  yx.img", None),
        ("x.img", None),
        ("<html>no such file x.img</html>", None),
        ("", None),
    ],
)
def test_a_file_of_checksums_has_several_forms(text: str, digest: str | None) -> None:
    found = digest_in(text, "x.img", None)
    assert found == (None if digest is None else Checksum("sha256", digest))


def test_a_name_with_a_backslash_is_escaped() -> None:
    assert digest_in(f"\\{A}  x\\\\y.img", "y.img", None) == Checksum("sha256", A)


def test_the_algorithm_may_be_given() -> None:
    text = f"MD5 (x.img) = {'c' * 32}\nSHA256 (x.img) = {A}"
    assert digest_in(text, "x.img", "md5") == Checksum("md5", "c" * 32)
    assert digest_in(text, "x.img", "sha512") is None


def test_checksums_that_differ_are_refused() -> None:
    assert digest_in(f"{A}  x.img\n{A}  x.img", "x.img", None) == Checksum("sha256", A)
    with pytest.raises(ImageError, match="two checksums"):
        digest_in(f"{A}  x.img\n{B}  x.img", "x.img", None)
