# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks that are made of images: where those come from, what can go wrong, and what is left then."""

from __future__ import annotations

import bz2
import contextlib
import functools
import gzip
import hashlib
import io
import lzma
import os
import pathlib
import random
import stat
import subprocess
import sys
import threading
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import (
    connection as connections,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.volume_upload import (
    upload,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_device,
    domains,
    estate,
    volume,
)

from .guests import Boot, Guest
from .hypervisor import URI, Hypervisor, Result, task_of
from .images import make_overlay
from .test_domain_storage import BASE, GIB, IMAGES, NAME, image, size, warned
from .test_pool import Loop
from .three_ways import three_ways
from .web_server import Page, WebServer

IMAGE = IMAGES / f"{NAME}.qcow2"
MIB = 1024**2

pytestmark = pytest.mark.usefixtures("no_images")

thrice = functools.partial(three_ways, domain, None, name=NAME)


def task(check: bool = False, **options: t.Any) -> Result:
    return task_of(domain, check, **{"name": NAME, **BASE, **options})


def digest(content: bytes, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, content).hexdigest()


def zstd(content: bytes) -> bytes:
    library = pytest.importorskip("zstandard")
    return bytes(library.ZstdCompressor().compress(content))


def kept(content: bytes, algorithm: str = "sha256") -> pathlib.Path:
    """Where the image with this content is kept."""
    return IMAGES / f"{algorithm}-{digest(content, algorithm)}"


def files() -> list[str]:
    return sorted(os.listdir(IMAGES)) if IMAGES.exists() else []


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests see whether anything is left there."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))


@pytest.fixture(scope="session")
def raw() -> bytes:
    """A raw image of 6 MiB: 1 MiB of data, a hole, and data at its end."""
    source = random.Random(1)
    return source.randbytes(MIB) + bytes(4 * MIB) + source.randbytes(MIB)


@pytest.fixture(scope="session")
def qcow2(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same disk as a qcow2 image."""
    folder: pathlib.Path = tmp_path_factory.mktemp("qcow2")
    (folder / "raw").write_bytes(raw)
    convert = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", "raw", "qcow2"]
    subprocess.run(convert, check=True, cwd=folder)
    return (folder / "qcow2").read_bytes()


@pytest.fixture
def server() -> t.Iterator[WebServer]:
    with WebServer().running() as found:
        yield found


def disk_content(path: pathlib.Path) -> bytes:
    """What a guest would see of the disk in an image."""
    out = pathlib.Path("/run/test-image.raw")
    convert = ["qemu-img", "convert", "--force-share", "-O", "raw", str(path), str(out)]
    subprocess.run(convert, check=True)
    content = out.read_bytes()
    out.unlink()
    return content


def of(
    server: WebServer, content: bytes, path: str = "/debian.img", **page: t.Any
) -> dict[str, t.Any]:
    """The sub-option ``image`` for a page that has this content."""
    server.pages[path] = Page(content, **page)
    return {"url": server.url(path), "checksum": f"sha256:{digest(content)}"}


# What is made.


@pytest.mark.parametrize("form", ["raw", "qcow2"])
def test_a_disk_is_based_on_an_image_that_is_downloaded_once(
    form: str, raw: bytes, qcow2: bytes, server: WebServer, hypervisor: Hypervisor
) -> None:
    content = {"raw": raw, "qcow2": qcow2}[form]
    source = of(server, content)
    disk = {"size": 1, "image": source}
    predicted = task(check=True, disk=disk)
    assert not predicted.failed, predicted.msg
    assert server.paths == []
    assert files() == []
    done = thrice(**BASE, disk=disk)
    assert server.paths == ["/debian.img"]
    assert done.values["changes"] == predicted.values["changes"]
    assert [(change["path"], change["after"]) for change in done.values["changes"][-2:]] == [
        (f"volume {kept(content)}", f"image {server.url('/debian.img')}"),
        (f"volume {IMAGE}", f"qcow2, 1 GiB, based on {server.url('/debian.img')}"),
    ]
    assert kept(content).read_bytes() == content
    found = image(IMAGE)
    assert found["virtual-size"] == GIB
    assert found["full-backing-filename"] == str(kept(content))
    assert found["backing-filename-format"] == form
    assert disk_content(IMAGE)[: len(raw)] == raw
    assert not any(disk_content(IMAGE)[len(raw) :])
    assert files() == sorted([IMAGE.name, kept(content).name])
    # Another guest has the same image, from another place, without a transfer.
    elsewhere = {**source, "url": server.url("/not/there.img")}
    other = task(name="other", disk={"image": elsewhere})
    assert not other.failed, other.msg
    assert [change["path"] for change in other.values["changes"] if "volume" in change["path"]] == [
        f"volume {IMAGES}/other.qcow2"
    ]
    assert size(IMAGES / "other.qcow2") == len(raw)
    assert server.paths == ["/debian.img"]


def test_holes_take_no_room(raw: bytes, server: WebServer) -> None:
    task(disk={"size": 1, "image": of(server, raw)})
    assert kept(raw).stat().st_blocks * 512 <= 2 * MIB + 256 * 1024
    assert kept(raw).read_bytes() == raw


def test_a_disk_may_be_a_copy(raw: bytes, qcow2: bytes, server: WebServer) -> None:
    disk = {"size": 1, "image": {**of(server, qcow2), "copy": True}}
    done = thrice(**BASE, disk=disk)
    assert done.values["changes"][-1]["after"] == (
        f"qcow2, 1 GiB, a copy of {server.url('/debian.img')}"
    )
    found = image(IMAGE)
    assert "backing-filename" not in found
    assert found["virtual-size"] == GIB
    assert disk_content(IMAGE)[: len(raw)] == raw
    assert files() == sorted([IMAGE.name, kept(qcow2).name])
    # In another format, and without a size.
    path = IMAGES / "plain.img"
    more = {"path": str(path), "format": "raw", "image": disk["image"]}
    made = task(name="plain", disk=more)
    assert not made.failed, made.msg
    assert path.read_bytes() == raw
    assert server.paths == ["/debian.img"]


@pytest.mark.parametrize(
    "compress",
    [gzip.compress, lzma.compress, bz2.compress, zstd],
    ids=["gzip", "xz", "bzip2", "zstd"],
)
def test_a_compressed_image_is_decompressed(
    compress: t.Callable[[bytes], bytes], qcow2: bytes, server: WebServer
) -> None:
    packed = compress(qcow2)
    # Its name doesn't matter.
    done = thrice(**BASE, disk={"size": 1, "image": of(server, packed, "/image")})
    assert server.paths == ["/image"]
    assert not warned(done) or "None" in warned(done)
    assert kept(packed).read_bytes() == qcow2
    # As it is, it is another image.
    plain = {**of(server, packed, "/image"), "decompress": False}
    task(name="plain", disk={"size": 1, "image": plain})
    assert pathlib.Path(f"{kept(packed)}-as-is").read_bytes() == packed


def test_without_a_library_an_image_is_not_decompressed(
    qcow2: bytes, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = zstd(qcow2)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    refused = task(disk={"size": 1, "image": of(server, packed)})
    assert refused.failed
    assert "lacks the library zstandard (python3-zstandard)" in refused.msg
    assert files() == []


@pytest.mark.parametrize(
    "sums",
    [
        "{other}  other.img\n{sha256}  debian.img\n",
        "{other} *other.img\n{sha256} *debian.img\n",
        "{sha256}  ./daily/debian.img\n",
        "SHA256 (other.img) = {other}\nSHA256 (debian.img) = {sha256}\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# debian.img: 8 bytes\n"
        "SHA256 (debian.img) = {sha256}\n-----BEGIN PGP SIGNATURE-----\n\niQIz\n",
        "{sha256}\n",
        "MD5 (debian.img) = {md5}\nSHA256 (debian.img) = {sha256}\n",
    ],
    ids=["coreutils", "binary", "folder", "bsd", "signed", "alone", "strongest"],
)
def test_the_checksum_may_be_in_a_file(sums: str, qcow2: bytes, server: WebServer) -> None:
    text = sums.format(sha256=digest(qcow2), md5=digest(qcow2, "md5"), other="0" * 64)
    server.pages["/SHA256SUMS"] = Page(text.encode())
    source = {**of(server, qcow2), "checksum": server.url("/SHA256SUMS")}
    done = thrice(**BASE, disk={"size": 1, "image": source})
    assert server.paths == ["/SHA256SUMS", "/debian.img"]
    assert done.values["changes"][-1]["after"].endswith(server.url("/debian.img"))
    assert kept(qcow2).read_bytes() == qcow2
    # What the file says now decides for a new disk.
    task(name="other", disk={"image": source})
    assert server.paths == ["/SHA256SUMS", "/debian.img", "/SHA256SUMS"]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha512"])
def test_other_algorithms(algorithm: str, qcow2: bytes, server: WebServer) -> None:
    for text in (f"{algorithm}:{digest(qcow2, algorithm)}", digest(qcow2, algorithm).upper()):
        thrice(**BASE, disk={"image": {**of(server, qcow2), "checksum": text}})
        assert task(state="absent", remove_volumes=["all"]).changed
    assert server.paths == ["/debian.img"]
    assert files() == [kept(qcow2, algorithm).name]


def test_an_image_of_the_managed_host(qcow2: bytes, tmp_path: pathlib.Path) -> None:
    source = tmp_path / "mine.qcow2.xz"
    source.write_bytes(lzma.compress(qcow2))
    content = source.read_bytes()
    thrice(**BASE, disk={"size": 1, "image": {"src": str(source)}})
    assert kept(content).read_bytes() == qcow2
    sums = tmp_path / "SUMS"
    sums.write_text(f"{digest(content)}  mine.qcow2.xz\n", encoding="ascii")
    for number, more in enumerate(({"checksum": digest(content)}, {"checksum": str(sums)})):
        made = task(name=f"more{number}", disk={"size": 1, "image": {"src": str(source), **more}})
        assert not made.failed, made.msg
    wrong = task(
        name="wrong", disk={"size": 1, "image": {"src": str(source), "checksum": "0" * 64}}
    )
    assert "mine.qcow2.xz has sha256:" in wrong.msg
    assert not (IMAGES / "wrong.qcow2").exists()


def test_an_image_that_is_a_volume(qcow2: bytes, raw: bytes, hypervisor: Hypervisor) -> None:
    base = IMAGES / "base.qcow2"
    IMAGES.mkdir(parents=True, exist_ok=True)
    base.write_bytes(qcow2)
    task(name="first", disk={"size": 1})
    volume = {"volume": f"default/{base.name}"}
    done = thrice(**BASE, disk={"size": 1, "image": {**volume, "checksum": digest(qcow2)}})
    assert done.values["changes"][-1]["after"] == f"qcow2, 1 GiB, based on {base}"
    assert image(IMAGE)["full-backing-filename"] == str(base)
    assert image(IMAGE)["backing-filename-format"] == "qcow2"
    copy = task(name="copy", disk={"image": {**volume, "copy": True}})
    assert not copy.failed, copy.msg
    assert disk_content(IMAGES / "copy.qcow2") == raw
    wrong = task(name="wrong", disk={"image": {**volume, "checksum": "0" * 64}})
    assert f"{base} has sha256:{digest(qcow2)}, and not sha256:{'0' * 64}" in wrong.msg
    missing = task(check=True, name="wrong", disk={"image": {"volume": "/none/at.all"}})
    assert "/none/at.all does not exist" in missing.msg
    assert files() == sorted(["base.qcow2", "copy.qcow2", "first.qcow2", IMAGE.name])


def test_a_guest_boots_from_such_a_disk(
    boot: Boot, server: WebServer, hypervisor: Hypervisor
) -> None:
    """Its /usr is on the disk, which is an ext4 file system."""
    content = gzip.compress(boot.usr.read_bytes(), compresslevel=1)
    kernel = {
        "kernel": str(boot.kernel),
        "initrd": str(boot.initrd),
        "kernel_args": "quiet usr=/dev/vda",
    }
    made = task(
        boot=kernel,
        disk=[{"size": 2, "image": of(server, content, "/usr.img.gz")}, {"size": 1}],
        state="running",
        wait={"for": "agent"},
    )
    assert not made.failed, made.msg
    guest = Guest(hypervisor.raw.lookupByName(NAME))
    assert guest.run("/usr/bin/python3", "-c", "print(6 * 7)").strip() == "42"
    assert guest.run("cat", "/sys/block/vda/size").strip() == str(2 * GIB // 512)
    assert (
        task(
            boot=kernel,
            disk=[{"size": 2, "image": of(server, content, "/usr.img.gz")}, {"size": 1}],
        ).changed
        is False
    )


def test_many_guests_at_once_download_it_once(qcow2: bytes, server: WebServer) -> None:
    disk = {"size": 1, "image": of(server, qcow2)}
    entries = [{"name": f"many{number}", **BASE, "disk": disk} for number in range(6)]
    predicted = task_of(domains, check=True, domains=entries)
    done = task_of(domains, domains=entries)
    assert not done.failed, done.values
    assert server.paths == ["/debian.img"]
    for before, after in zip(predicted.values["results"], done.values["results"]):
        assert before["changes"] == after["changes"]
    listed = [change["path"] for result in done.values["results"] for change in result["changes"]]
    assert listed.count(f"volume {kept(qcow2)}") == 1
    assert not task_of(domains, domains=entries).changed


def test_a_device_has_an_image(qcow2: bytes, server: WebServer) -> None:
    task(disk={"size": 1})
    disk = {"path": f"{IMAGES}/more.qcow2", "size": 1, "image": of(server, qcow2)}
    three_ways(domain_device, None, domain=NAME, disk=disk)
    assert image(IMAGES / "more.qcow2")["full-backing-filename"] == str(kept(qcow2))
    assert server.paths == ["/debian.img"]


# What goes wrong.


def failed(source: dict[str, t.Any], words: str) -> None:
    """A task that fails with these words, and leaves nothing behind."""
    before = files()
    done = task(name="fails", disk={"size": 1, "image": source})
    assert done.failed, done.values
    assert not done.changed
    assert words in done.msg
    assert "\n" not in done.msg
    assert done.msg.startswith("domain 'fails': disk: ")
    assert files() == before
    assert os.listdir(os.environ["TMPDIR"]) == []


def test_a_wrong_checksum_leaves_nothing(qcow2: bytes, server: WebServer) -> None:
    source = of(server, qcow2)
    wrong = {**source, "checksum": f"sha256:{'0' * 64}"}
    failed(wrong, f"has sha256:{digest(qcow2)}, and not sha256:{'0' * 64}")
    server.pages["/SHA256SUMS"] = Page(f"{'1' * 64}  other.img\n".encode())
    listed = {**source, "checksum": server.url("/SHA256SUMS")}
    failed(listed, "/SHA256SUMS has no checksum of debian.img")
    # Then it is right.
    assert not task(disk={"size": 1, "image": source}).failed


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(status=404), "the server answered 404 Not Found; correct the URL"),
        (Page(status=403), "the server answered 403 Forbidden"),
        (Page(login="me:secret"), "401 Unauthorized; set url_username and url_password"),
        (Page(status=302, location="/debian.img"), "infinite loop"),
        (Page(status=302, location="file:///etc/passwd"), "302"),
        (Page(b"x" * MIB, breaks_after=(9, 9, 9, 9, 9, 9)), "broke off 5 times"),
        (Page(status=503), "broke off 5 times, the last time because the server answered 503"),
        (Page(b"x", is_silent=True), "the server sent nothing for 0.2 s"),
        (Page(b""), "has sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ],
)
def test_a_download_that_fails_leaves_nothing(page: Page, words: str, server: WebServer) -> None:
    server.pages["/debian.img"] = page
    source = {"url": server.url("/debian.img"), "checksum": "0" * 64, "timeout": 0.2}
    failed(source, words)


def test_a_server_that_is_not_there() -> None:
    with WebServer().running() as server:
        source = {"url": server.url("/a"), "checksum": "0" * 64}
    failed(source, "nothing listens there")
    nowhere = {**source, "url": "http://no-such-host.invalid/a"}
    failed(nowhere, "there is no host no-such-host.invalid")


def test_a_transfer_that_breaks_off_goes_on(raw: bytes, server: WebServer) -> None:
    source = of(server, raw, breaks_after=(MIB, 3 * MIB))
    thrice(**BASE, disk={"size": 1, "image": source})
    ranges = [asked for _path, asked in server.asked]
    assert ranges[0] is None
    assert all(asked and asked.startswith("bytes=") for asked in ranges[1:])
    assert len(ranges) == 3
    assert kept(raw).read_bytes() == raw


@pytest.mark.parametrize("page", [{"has_ranges": False}, {"changes": True}])
def test_a_transfer_that_can_not_go_on_begins_again(
    page: dict[str, t.Any], raw: bytes, server: WebServer
) -> None:
    thrice(**BASE, disk={"size": 1, "image": of(server, raw, breaks_after=(MIB, 2 * MIB), **page)})
    assert len(server.asked) == 3
    assert kept(raw).read_bytes() == raw


def test_redirections_and_logins(qcow2: bytes, server: WebServer) -> None:
    source = of(server, qcow2, login="me:se/cret")
    with WebServer().running() as mirror:
        mirror.pages["/here"] = Page(status=302, location=mirror.url("/there"))
        mirror.pages["/there"] = Page(status=308, location=server.url("/open.img"))
        server.pages["/open.img"] = Page(qcow2)
        made = task(name="one", disk={"image": {**source, "url": mirror.url("/here")}})
        assert not made.failed, made.msg
        assert (mirror.paths, server.paths) == (["/here", "/there"], ["/open.img"])
        # A password goes to its own server alone.
        kept(qcow2).unlink()
        task(name="one", state="absent", remove_volumes=["all"])
        login = {"url_username": "me", "url_password": "se/cret"}
        mirror.pages["/other"] = Page(status=302, location=server.url("/debian.img"))
        failed({**source, **login, "url": mirror.url("/other")}, "401 Unauthorized")
        done = thrice(**BASE, disk={"size": 1, "image": {**source, **login}})
        assert "se/cret" not in str(done.values)
        # In the URL itself.
        kept(qcow2).unlink()
        within = server.url("/debian.img", login="me:se%2Fcret@")
        hidden = task(name="two", disk={"image": {**source, "url": within}})
        assert not hidden.failed, hidden.msg
        assert "cret" not in str(hidden.values)


def test_a_proxy(qcow2: bytes, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    source = {**of(server, qcow2), "url": "http://images.invalid/debian.img"}
    monkeypatch.setenv("http_proxy", server.url(""))
    failed({**source, "use_proxy": False}, "there is no host images.invalid")
    thrice(**BASE, disk={"size": 1, "image": source})
    assert server.paths == ["/debian.img"]
    monkeypatch.setenv("no_proxy", "images.invalid")
    kept(qcow2).unlink()
    assert task(name="other", disk={"image": source}).failed


def test_certificates(qcow2: bytes, server: WebServer, tmp_path: pathlib.Path) -> None:
    pem = tmp_path / "server.pem"
    make = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout key -out server.pem"
    )
    subprocess.run(make.split(), check=True, capture_output=True, cwd=tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(pem.read_bytes() + (tmp_path / "key").read_bytes())
    with WebServer(str(both)).running() as secure:
        of(secure, qcow2)
        source = {"url": secure.url("/debian.img", "localhost"), "checksum": digest(qcow2)}
        failed(source, "the server's certificate is not trusted: self-signed certificate")
        failed({**source, "ca_path": "/none.pem"}, "ca_path: /none.pem can't be read")
        made = task(name="one", disk={"image": {**source, "ca_path": str(pem)}})
        assert not made.failed, made.msg
        kept(qcow2).unlink()
        made = task(name="two", disk={"image": {**source, "validate_certs": False}})
        assert not made.failed, made.msg
        # Checksums that anybody could have changed on their way are none.
        kept(qcow2).unlink()
        server.pages["/SUMS"] = Page(f"{digest(qcow2)}  debian.img\n".encode())
        secure.pages["/SUMS"] = Page(status=302, location=server.url("/SUMS"))
        sums = secure.url("/SUMS", "localhost")
        failed({**source, "ca_path": str(pem), "checksum": sums}, "anybody in between")


def test_images_that_are_none(
    raw: bytes, qcow2: bytes, server: WebServer, tmp_path: pathlib.Path
) -> None:
    def made(*command: t.Any) -> bytes:
        path = tmp_path / "made"
        subprocess.run([*command, path], check=True, cwd=tmp_path)
        return path.read_bytes()

    (tmp_path / "base").write_bytes(qcow2)
    overlay = tmp_path / "overlay"
    make_overlay(overlay, tmp_path / "base")
    based = overlay.read_bytes()
    convert = ("qemu-img", "convert", "-f", "qcow2", tmp_path / "base", "-O")
    for content, words in (
        (based, f"it needs the backing file {tmp_path}/base"),
        (made(*convert, "vmdk"), "has the format vmdk; convert it to qcow2"),
        (b"PK\3\4" + bytes(600), "is a zip archive"),
        (gzip.compress(bytes(257) + b"ustar" + bytes(900)), "is a tar archive"),
        (gzip.compress(qcow2)[:-2000], "its data (gzip) can't be decompressed"),
        (qcow2[:40], "has a damaged header"),
    ):
        failed(of(server, content), words)


def test_a_size_that_is_less_than_the_image(qcow2: bytes, server: WebServer) -> None:
    disk = {"size": "1M", "image": of(server, qcow2)}
    refused = task(disk=disk)
    assert (refused.failed, refused.changed) == (True, True)
    assert "has 6291456 bytes, and size asks for 1048576; give a size" in refused.msg
    assert f"stays in its pool: {kept(qcow2)}; the next run uses it" in refused.msg
    # It is known by now.
    for check in (True, False):
        refused = task(check=check, disk=disk)
        assert (refused.failed, refused.changed) == (True, False)
        assert "has 6291456 bytes, and size asks for 1048576; give a size" in refused.msg
    assert files() == [kept(qcow2).name]
    assert len(server.asked) == 1


@contextlib.contextmanager
def small_folder(path: pathlib.Path, most: str) -> t.Iterator[None]:
    path.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={most}", "tmpfs", path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


def test_no_room_for_what_is_downloaded(
    raw: bytes, server: WebServer, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "small"))
    with small_folder(tmp_path / "small", "2m"):
        failed(of(server, raw), f"{tmp_path}/small, where it is kept until it is complete")
        assert os.listdir(tmp_path / "small") == []


def test_no_room_in_the_pool(raw: bytes, server: WebServer, hypervisor: Hypervisor) -> None:
    folder = IMAGES / "small"
    pool = f"<pool type='dir'><name>small</name><target><path>{folder}</path></target></pool>"
    with small_folder(folder, "1m"):
        made = hypervisor.raw.storagePoolCreateXML(pool)
        try:
            disk = {"size": 1, "sparse": True, "pool": "small", "image": of(server, raw)}
            done = task(disk=disk)
            assert (done.failed, done.changed) == (True, False), done.values
            assert "No space left on device; make room" in done.msg
            assert os.listdir(folder) == []
            assert made.listVolumes() == []
        finally:
            made.destroy()
    folder.rmdir()


def test_a_volume_with_other_content_is_never_overwritten(
    qcow2: bytes, server: WebServer, hypervisor: Hypervisor
) -> None:
    task(name="first", disk={"size": 1, "image": of(server, qcow2)})
    theirs = IMAGES / "theirs.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", theirs, "1G"], check=True)
    before = theirs.read_bytes()
    for more in ({}, {"copy": True}, {"checksum": server.url("/SUMS")}):
        disk = {"path": str(theirs), "size": 1, "image": {**of(server, qcow2), **more}}
        for check in (True, False):
            refused = task(check=check, disk=disk)
            assert (refused.failed, refused.changed) == (True, False)
            assert f"{theirs} is there already" in refused.msg
    assert theirs.read_bytes() == before
    # One that an interrupted task has made is used.
    ours = IMAGES / "ours.qcow2"
    make_overlay(ours, kept(qcow2))
    disk = {"path": str(ours), "size": 1, "image": of(server, qcow2)}
    assert not task(disk=disk).failed
    # A disk keeps what it is based on.
    changed = {"path": str(ours), "image": {**of(server, qcow2), "checksum": "0" * 64}}
    told = task(disk=changed)
    assert not told.failed, told.msg
    assert "a disk that exists keeps its image" in warned(told)
    assert len(server.asked) == 1


# What is left over.


def test_what_an_interrupted_upload_has_left_is_never_trusted(
    raw: bytes, server: WebServer, hypervisor: Hypervisor
) -> None:
    task(name="first", disk={"size": 1})
    source = of(server, raw)
    mark = b"declarative.libvirt: this volume is incomplete, x".ljust(4096, b"\0")
    for number, left in enumerate((b"", mark, mark + raw[4096:MIB])):
        kept(raw).write_bytes(left)
        done = task(name=f"guest{number}", disk={"size": 1, "image": source})
        assert not done.failed, done.msg
        assert kept(raw).read_bytes() == raw
        task(name=f"guest{number}", state="absent", remove_volumes=["all"])
    assert len(server.asked) == 3


def test_a_task_that_is_killed_while_it_uploads(
    raw: bytes, server: WebServer, hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import (
        volume_upload,
    )

    sent = volume_upload._sent
    numbers = iter(range(100))

    def interrupted(stream: t.Any, part: bytes) -> None:
        if next(numbers) == 5:
            raise KeyboardInterrupt
        sent(stream, part)

    monkeypatch.setattr(volume_upload, "_sent", interrupted)
    with pytest.raises(KeyboardInterrupt):
        task(disk={"size": 1, "image": of(server, raw)})
    assert files() == []


def test_an_upload_that_goes_on_is_waited_for(
    raw: bytes, server: WebServer, hypervisor: Hypervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another controller, which shares no lock with this one, is uploading the same image."""
    from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import (
        volume_upload,
    )

    task(name="first", disk={"size": 1})
    monkeypatch.setattr(volume_upload, "_STILL", 0.5)
    mark = b"declarative.libvirt: this volume is incomplete, x".ljust(4096, b"\0")
    kept(raw).write_bytes(mark)
    hypervisor.raw.storagePoolLookupByName("default").refresh()

    def other() -> None:
        with kept(raw).open("r+b") as file:
            for start in range(4096, len(raw), MIB // 4):
                file.seek(start)
                file.write(raw[start : start + MIB // 4])
                file.flush()
                threading.Event().wait(0.1)
            file.seek(0)
            file.write(raw[:4096])

    thread = threading.Thread(target=other)
    thread.start()
    done = task(disk={"size": 1, "image": of(server, raw)})
    thread.join()
    assert not done.failed, done.msg
    assert server.asked == []
    assert kept(raw).read_bytes() == raw


def test_a_hypervisor_that_is_elsewhere(
    qcow2: bytes, raw: bytes, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done by the files of this host: all goes through libvirt's streams."""
    monkeypatch.setattr(connections, "is_proven", lambda *_args: False)
    thrice(**BASE, disk={"size": 1, "image": of(server, lzma.compress(qcow2))})
    assert kept(lzma.compress(qcow2)).read_bytes() == qcow2
    copy = {**of(server, lzma.compress(qcow2)), "copy": True}
    made = three_ways(domain, None, name="copy", **BASE, disk={"size": 1, "image": copy})
    assert not made.failed, made.msg
    assert disk_content(IMAGES / "copy.qcow2")[: len(raw)] == raw
    assert server.paths == ["/debian.img"]
    failed({**copy, "checksum": "0" * 64}, "and not sha256:0000")


# Volumes.


@pytest.fixture
def _pool(hypervisor: Hypervisor) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    target = f"<target><path>{IMAGES}</path></target>"
    hypervisor.raw.storagePoolCreateXML(f"<pool type='dir'><name>default</name>{target}</pool>")


VOLUME: dict[str, t.Any] = {"pool": "default", "name": "base"}


@pytest.mark.usefixtures("_pool")
@pytest.mark.parametrize("form", ["raw", "qcow2"])
@pytest.mark.parametrize("size", [None, "1 GiB"])
@pytest.mark.parametrize("compress", [bytes, lzma.compress])
def test_a_volume_is_made_of_an_image(
    form: str,
    size: str | None,
    compress: t.Callable[[bytes], bytes],
    raw: bytes,
    qcow2: bytes,
    server: WebServer,
) -> None:
    content = {"raw": raw, "qcow2": qcow2}[form]
    options = {**VOLUME, "image": of(server, compress(content)), "capacity": size}
    task_of(volume, True, **options)
    assert (server.asked, files()) == ([], [])
    done = three_ways(volume, files, **options)
    assert server.paths == ["/debian.img"]
    path = IMAGES / "base"
    assert (image(path)["format"], image(path)["virtual-size"]) == (
        form,
        GIB if size else len(raw),
    )
    assert disk_content(path)[: len(raw)] == raw
    assert (done.values["volume"]["format"], done.values["volume"]["path"]) == (form, str(path))
    # What a volume has isn't compared.
    other = {**options, "image": {**of(server, b"other"), "timeout": 1}}
    assert task_of(volume, **other).changed is False
    assert len(server.asked) == 1


@pytest.mark.usefixtures("_pool")
def test_a_volume_whose_image_fails(raw: bytes, qcow2: bytes, server: WebServer) -> None:
    source = of(server, qcow2)
    for options, words in (
        ({"image": {**source, "checksum": "0" * 64}}, "image: checksum: http://127.0.0.1"),
        ({"image": {**source, "url": server.url("/none")}}, "404 Not Found"),
        ({"image": source, "format": "raw"}, "has the format qcow2, and not raw"),
        (
            {"image": of(server, raw, "/raw"), "format": "qcow2"},
            "has the format raw, and not qcow2",
        ),
        (
            {"image": source, "capacity": "1 MiB"},
            "has 6291456 bytes, and capacity asks for 1048576",
        ),
        ({"image": of(server, raw, "/raw"), "capacity": "1 MiB"}, "and capacity asks for 1048576"),
        ({"image": {"src": "/none"}}, "image.src: there is no file /none"),
        ({"image": {"url": server.url("/a")}}, "image: what is downloaded needs a checksum"),
        ({"image": {"url": "a", "checksum": "0" * 64}}, "image: url is no URL"),
        ({"image": {**source, "timeout": 0}}, "image: timeout: 0 is no time"),
        ({"image": source, "content": "x"}, "mutually exclusive"),
    ):
        failed_task = task_of(volume, **VOLUME, **options)
        assert (failed_task.failed, failed_task.changed) == (True, False), options
        assert words in failed_task.msg
        assert files() == []
        assert os.listdir(os.environ["TMPDIR"]) == []


@pytest.mark.usefixtures("_pool")
def test_a_volume_with_a_part_of_an_image(raw: bytes, server: WebServer) -> None:
    mark = b"declarative.libvirt: this volume is incomplete, x".ljust(4096, b"\0")
    (IMAGES / "base").write_bytes(mark + raw[4096:MIB])
    refused = task_of(volume, **VOLUME, image=of(server, raw))
    assert "image: /var/lib/libvirt/images/base has only a part of it" in refused.msg
    assert server.asked == []


@pytest.mark.usefixtures("_pool")
def test_the_permissions_and_the_password_of_a_volume(qcow2: bytes, server: WebServer) -> None:
    login = {"url_username": "me", "url_password": "se/cret"}
    source = {**of(server, qcow2, login="me:se/cret"), **login}
    done = three_ways(volume, files, **VOLUME, image=source, permissions={"mode": "0644"})
    assert (IMAGES / "base").stat().st_mode & 0o777 == 0o644
    assert "se/cret" not in str(done.values)


def test_zeros_replace_what_a_device_had(
    raw: bytes, hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    folder = tmp_path / "pool"
    folder.mkdir()
    (tmp_path / "device").write_bytes(b"old" * len(raw))
    pool = f"<pool type='dir'><name>devices</name><target><path>{folder}</path></target></pool>"
    with Loop(tmp_path / "device", 92), connected(URI) as connection:
        os.mknod(folder / "device", stat.S_IFBLK | 0o600, os.makedev(7, 92))
        made = connection.raw.storagePoolCreateXML(pool)
        try:
            upload(connection, made.storageVolLookupByName("device"), io.BytesIO(raw))
        finally:
            made.destroy()
        with (folder / "device").open("rb") as device:
            assert device.read(len(raw)) == raw


@pytest.mark.usefixtures("_pool")
def test_an_estate_has_volumes_with_images(qcow2: bytes, server: WebServer) -> None:
    options: dict[str, t.Any] = {
        "volumes": [{**VOLUME, "image": of(server, qcow2)}],
        "domains": [
            {
                "name": NAME,
                **BASE,
                "disk": [
                    {"size": 1, "backing_store": "default/base"},
                    {"size": 1, "image": of(server, qcow2)},
                ],
            }
        ],
    }
    assert not task_of(estate, True, **options).failed
    assert server.asked == []
    done = task_of(estate, **options)
    assert not done.failed, done.msg
    assert image(IMAGE)["backing-filename-format"] == "qcow2"
    assert len(server.asked) == 2
    assert not task_of(estate, **options).changed
    assert len(server.asked) == 2


# What can't be asked for.


@pytest.mark.parametrize(
    ("disk", "words"),
    [
        ({"image": {"checksum": "0" * 64}}, "it is nowhere; give one of url, src and volume"),
        ({"image": {"url": "http://a/b", "src": "/a"}}, "url and src contradict each other"),
        ({"image": {"url": "http://a/b"}}, "what is downloaded needs a checksum"),
        ({"image": {"url": "ftp://a/b", "checksum": "0" * 64}}, "url is no URL of a file"),
        ({"image": {"url": "http://a/b", "checksum": "crc:1"}}, "crc is no algorithm"),
        ({"image": {"url": "http://a/b", "checksum": "sha256:1"}}, "'1' is no checksum"),
        ({"image": {"src": "/a", "url_password": "x"}}, "url_password is of no use without url"),
        ({"image": {"src": "/a"}, "backing_store": "/b"}, "image and backing_store contradict"),
        ({"image": {"src": "/a"}, "device": "cdrom"}, "a cdrom gets no new volume"),
        ({"image": {"src": "/a"}, "format": "raw"}, "a raw volume can't be based on an image"),
        ({"image": {"src": "/a"}, "sparse": False}, "image and sparse: false contradict"),
        ({"image": {"url": "http://a/b", "checksum": "0" * 64, "timeout": "x"}}, "x is no time"),
        ({"image": {"src": "/a", "copy": "maybe"}}, "image: copy: maybe"),
        ({"image": {"src": "/none", "checksum": "0" * 64}}, "/none does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused(
    disk: dict[str, t.Any], words: str, hypervisor: Hypervisor
) -> None:
    refused = task(disk=disk)
    assert (refused.failed, refused.changed) == (True, False)
    assert words in refused.msg
    assert files() == []
