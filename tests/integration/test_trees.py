# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installations from a tree on a web server, until the guest runs from its disk."""

from __future__ import annotations

import hashlib
import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain, domains

from tests.testbed.guest_image import _archive

from .guests import Boot
from .hypervisor import Hypervisor, Result, task_of
from .web_server import Page, WebServer

pytestmark = pytest.mark.usefixtures("no_images")

NAME = "installed"
IMAGES = "/var/lib/libvirt/images"
SWITCH_OFF = {"method": [], "timeout": 0, "force": True}
BASE: dict[str, t.Any] = {
    "name": NAME,
    "virt_type": "qemu",
    "memory": 192,
    "disk": {"size": 0.01, "format": "raw"},
    "network": "none",
    "graphics": "none",
    "osinfo": "detect=on,name=debian11",
    "extra_args": "console=ttyS0 quiet",
    "state": "running",
    "shutdown": SWITCH_OFF,
}


@pytest.fixture(name="server")
def fixture_server() -> t.Iterator[WebServer]:
    with WebServer().running() as server:
        yield server


@pytest.fixture(name="tree")
def fixture_tree(server: WebServer, boot: Boot) -> str:
    """The URL of a tree with a kernel that boots, and with checksums."""
    kernel, initrd = boot.kernel.read_bytes(), boot.initrd.read_bytes()
    server.pages["/tree/.treeinfo"] = Page(
        "[general]\nfamily = Fedora\nversion = 37\nvariant = Server\narch = x86_64\n"
        "[images-x86_64]\nkernel = boot/vmlinuz\ninitrd = boot/initrd\n"
        f"[checksums]\nboot/vmlinuz = sha256:{hashlib.sha256(kernel).hexdigest()}\n"
        f"boot/initrd = sha256:{hashlib.sha256(initrd).hexdigest()}\n".encode()
    )
    server.pages["/tree/boot/vmlinuz"] = Page(kernel)
    server.pages["/tree/boot/initrd"] = Page(initrd)
    return server.url("/tree")


def task(check: bool = False, **options: t.Any) -> Result:
    done = task_of(domain, check, **{**BASE, **options})
    assert not done.failed, done.msg
    return done


def test_a_tree_with_checksums(hypervisor: Hypervisor, server: WebServer, tree: str) -> None:
    options: dict[str, t.Any] = {"location": tree}
    foreseen = task(True, **options)
    # Only what has to be known: what the tree is, and that its files are there.
    assert server.paths == ["/tree/.treeinfo"]
    assert server.looked_at == ["/tree/boot/vmlinuz", "/tree/boot/initrd"]
    assert NAME not in hypervisor.names()
    done = task(**options)
    assert (foreseen.values["changes"], done.changed) == (done.values["changes"], True)
    assert sorted(server.paths[1:]) == sorted(
        ["/tree/.treeinfo", "/tree/boot/vmlinuz", "/tree/boot/initrd"]
    )
    raw = hypervisor.raw.lookupByName(NAME)
    live = raw.XMLDesc()
    assert f"inst.repo={tree}</cmdline>" in live
    assert "fedoraproject.org/fedora/37" in live
    assert live.count(f">{IMAGES}/sha256-") == 2
    assert "<kernel>" not in hypervisor.definition(NAME)
    asked = len(server.asked) + len(server.looked_at)
    for options_again in (options, {**options, "mode": "exact"}):
        for check in (True, False):
            assert not task(check, **options_again).changed
    assert len(server.asked) + len(server.looked_at) == asked


#: A program of the initrd that "installs": it writes onto the disk, and restarts the guest.
_INSTALLER = """\
#!/bin/sh
export PATH=/sbin:/bin:/usr/sbin:/usr/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod /modules/$module; done
word=$(sed -n 's/.*inst.word=\\([^ ]*\\).*/\\1/p' /proc/cmdline)
[ -f /answers ] && word=$word-$(cat /answers)
printf 'installed %s\\n' "$word" | dd of=/dev/vda conv=fsync 2>/dev/null
cat /proc/cmdline | dd of=/dev/vda bs=512 seek=1 conv=fsync 2>/dev/null
reboot -f
"""


@pytest.fixture(name="installer")
def fixture_installer(server: WebServer, tree: str, boot: Boot, tmp_path: pathlib.Path) -> str:
    """The URL of a tree whose installer writes onto the disk and restarts the guest."""
    (tmp_path / "init").write_text(_INSTALLER)
    (tmp_path / "init").chmod(0o755)
    initrd = boot.initrd.read_bytes() + b"".join(_archive(tmp_path))
    server.pages["/installer/.treeinfo"] = Page(
        b"[general]\nfamily = Fedora\nversion = 37\nvariant = Server\narch = x86_64\n"
        b"[images-x86_64]\nkernel = vmlinuz\ninitrd = initrd\n"
    )
    server.pages["/installer/vmlinuz"] = server.pages["/tree/boot/vmlinuz"]
    server.pages["/installer/initrd"] = Page(initrd)
    return server.url("/installer")


def on_disk() -> list[bytes]:
    with open(f"{IMAGES}/{NAME}.img", "rb") as disk:
        return [disk.read(512).partition(b"\n")[0], disk.read(2048).partition(b"\n")[0]]


def test_an_installation_to_its_end(
    hypervisor: Hypervisor, server: WebServer, installer: str, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "answers").write_text("answered")
    options: dict[str, t.Any] = {
        "location": installer,
        "initrd_inject": [str(tmp_path / "answers")],
        "extra_args": ["console=ttyS0", "inst.word=one"],
        "wait": {"timeout": 90},
    }
    foreseen = task(True, **options)
    done = task(**options)
    # Besides, it waits until the installer has ended.
    assert foreseen.values["changes"] == done.values["changes"][:-1]
    assert on_disk()[0] == b"installed one-answered"
    assert on_disk()[1] == f"console=ttyS0 inst.word=one inst.repo={installer}".encode()
    raw = hypervisor.raw.lookupByName(NAME)
    assert raw.isActive()
    assert "<kernel>" not in raw.XMLDesc()
    number, asked = raw.ID(), len(server.asked) + len(server.looked_at)
    for check in (True, False):
        assert not task(check, **options).changed
    assert (raw.ID(), len(server.asked) + len(server.looked_at)) == (number, asked)


def test_a_domain_is_installed_once_more(
    hypervisor: Hypervisor, server: WebServer, installer: str
) -> None:
    options: dict[str, t.Any] = {
        "location": installer,
        "extra_args": ["console=ttyS0", "inst.word=one"],
        "wait": {"timeout": 90},
    }
    task(**options)
    assert on_disk()[0] == b"installed one"
    raw = hypervisor.raw.lookupByName(NAME)
    before = hypervisor.definition(NAME)
    again = {**options, "extra_args": ["console=ttyS0", "inst.word=two"], "reinstall": True}
    # Of a guest that runs only if it may be stopped.
    number = hypervisor.number(NAME)
    for check in (True, False):
        refused = task_of(domain, check, **{**BASE, **again})
        assert refused.failed
        assert "reinstall: the guest runs" in refused.msg
    assert (hypervisor.number(NAME), hypervisor.definition(NAME)) == (number, before)
    again["restart"] = "if_required"
    foreseen = task(True, **again)
    assert (hypervisor.number(NAME), hypervisor.definition(NAME)) == (number, before)
    done = task(**again)
    assert foreseen.values["changes"] == done.values["changes"][:-1]
    told = next(one for one in done.values["changes"] if one["path"] == "installation")
    assert told["after"] == (
        f"from {installer}; the installer may overwrite vda ({IMAGES}/{NAME}.img); the guest that "
        "runs is stopped"
    )
    assert on_disk()[0] == b"installed two"
    assert raw.isActive()
    assert hypervisor.number(NAME) != number
    assert "<kernel>" not in raw.XMLDesc()
    # Never again by the same task, on or off.
    number = hypervisor.number(NAME)
    for check in (True, False):
        assert not task(check, **again).changed
    assert hypervisor.number(NAME) == number
    raw.destroy()
    assert [one["path"] for one in task(**again).values["changes"]] == ["state"]
    assert on_disk()[0] == b"installed two"
    # Another label asks for it once more, off as well.
    raw.destroy()
    again.update(reinstall="2026-11-27", extra_args=["console=ttyS0", "inst.word=three"])
    foreseen, done = task(True, **again), task(**again)
    assert foreseen.values["changes"] == done.values["changes"][:-1]
    assert on_disk()[0] == b"installed three"
    assert not task(**again).changed


def refused(**options: t.Any) -> str:
    """The same error in check mode and for real, which leave nothing."""
    messages = []
    for check in (True, False):
        done = task_of(domain, check, **{**BASE, **options})
        assert done.failed
        messages.append(done.msg)
    return messages[1]


def volumes() -> list[str]:
    return sorted(path.name for path in pathlib.Path(IMAGES).iterdir())


def test_guests_share_a_kernel(hypervisor: Hypervisor, server: WebServer, tree: str) -> None:
    entries = [{"name": f"shared-{number}", "memory": 96} for number in (1, 2)]
    options = {**{name: value for name, value in BASE.items() if name != "name"}, "location": tree}
    asked: dict[str, t.Any] = {"domains": entries, "defaults": options}
    try:
        foreseen = task_of(domains, True, **asked)
        done = task_of(domains, False, **asked)
        assert not done.failed, done.msg
        for before, after in zip(foreseen.values["results"], done.values["results"]):
            assert before["changes"] == after["changes"]
        for name in ("vmlinuz", "initrd"):
            assert server.paths.count(f"/tree/boot/{name}") == 1
        assert len([name for name in volumes() if name.endswith("-as-is")]) == 2
        assert not task_of(domains, False, **asked).changed
    finally:
        for entry in entries:
            task_of(domain, name=entry["name"], state="absent", shutdown=SWITCH_OFF)


def test_a_file_without_a_checksum_is_known_by_what_the_server_says(
    hypervisor: Hypervisor, server: WebServer, installer: str
) -> None:
    options: dict[str, t.Any] = {"location": installer, "state": "running"}
    task(**options)
    kept = volumes()
    assert len([name for name in kept if name.startswith("url-")]) == 2
    task(state="absent", remove_volumes=["all"], location=None)
    asked = len(server.asked)
    task(**options)
    # Nothing but the description was needed.
    assert server.paths[asked:] == ["/installer/.treeinfo"]
    task(state="absent", remove_volumes=["all"], location=None)
    # Another file at the same place is another volume.
    page = server.pages["/installer/vmlinuz"]
    server.pages["/installer/vmlinuz"] = page._replace(content=page.content + b"\0")
    task(**options)
    assert len(set(volumes()) - set(kept)) == 1


def test_a_guest_that_is_only_defined_needs_no_download(
    hypervisor: Hypervisor, server: WebServer, tree: str
) -> None:
    done = task(location=tree, state="present")
    assert server.paths == ["/tree/.treeinfo"]
    assert [one["path"] for one in done.values["changes"]] == [
        "/domain",
        f"volume {IMAGES}/{NAME}.img",
    ]
    assert volumes() == [f"{NAME}.img"]


@pytest.mark.parametrize(
    ("pages", "more", "reason"),
    [
        ({"/tree/boot/vmlinuz": None}, {}, "no kernel for x86_64 was found in "),
        ({"/tree/.treeinfo": Page(status=401)}, {}, "answered 401 Unauthorized; set url_username"),
        ({"/tree/.treeinfo": Page(status=500)}, {}, "broke off 5 times"),
        ({"/tree/.treeinfo": Page(b"not one")}, {}, ".treeinfo of "),
        ({}, {"kernel": "no", "initrd": "none"}, "location: there is no no at "),
        ({"/tree/.treeinfo": Page(b"x", is_silent=True)}, {"timeout": 0.2}, "sent nothing for 0.2"),
    ],
)
def test_what_is_seen_beforehand(
    hypervisor: Hypervisor,
    server: WebServer,
    tree: str,
    pages: dict[str, Page | None],
    more: dict[str, t.Any],
    reason: str,
) -> None:
    for path, page in pages.items():
        server.pages.pop(path)
        if page is not None:
            server.pages[path] = page
    message = refused(location={"location": tree, **more})
    assert message.startswith(f"domain '{NAME}': location: ")
    assert reason in message
    assert (volumes(), NAME in hypervisor.names()) == ([], False)


def test_no_server(hypervisor: Hypervisor) -> None:
    message = refused(location="http://127.0.0.1:1/tree")
    assert "nothing listens there (connection refused)" in message
    assert "location" in refused(location="ftp://127.0.0.1/tree")


@pytest.mark.parametrize(
    ("pages", "more", "reason"),
    [
        ({"breaks_after": (1000,) * 9, "has_ranges": False}, {}, "broke off 5 times"),
        ({"is_silent": True}, {"timeout": 0.2}, "sent nothing for 0.2"),
        ({"content": b"another kernel"}, {}, "checksum: "),
        ({}, {"initrd_checksum": f"sha256:{'0' * 64}"}, "and not sha256:0000"),
    ],
)
def test_what_is_seen_when_it_is_downloaded(
    hypervisor: Hypervisor,
    server: WebServer,
    tree: str,
    pages: dict[str, t.Any],
    more: dict[str, t.Any],
    reason: str,
) -> None:
    page = server.pages["/tree/boot/initrd"]
    server.pages["/tree/boot/initrd"] = page._replace(**pages)
    done = task_of(domain, **{**BASE, "location": {"location": tree, **more}})
    assert done.failed
    assert done.msg.startswith(f"domain '{NAME}': location: ")
    assert reason in done.msg
    assert NAME not in hypervisor.names()
    # The kernel, which was whole, is there for the next time, and the message says so.
    kept = volumes()
    assert len(kept) == 1
    assert kept[0] in done.msg
    server.pages["/tree/boot/initrd"] = page
    assert task(location=tree).changed


def test_a_transfer_that_breaks_off_is_continued(
    hypervisor: Hypervisor, server: WebServer, tree: str
) -> None:
    page = server.pages["/tree/boot/initrd"]
    server.pages["/tree/boot/initrd"] = page._replace(breaks_after=(1000, 2000))
    task(location=tree)
    ranges = [asked for path, asked in server.asked if path == "/tree/boot/initrd"]
    assert ranges == [None, "bytes=1000-", "bytes=2000-"]


def test_a_kernel_by_its_url(hypervisor: Hypervisor, server: WebServer, tree: str) -> None:
    urls = {
        name: f"{tree}/boot/{file}" for name, file in (("kernel", "vmlinuz"), ("initrd", "initrd"))
    }
    done = task(install={**urls, "kernel_args": "inst.word=x"}, extra_args=None)
    assert done.changed
    assert ">inst.word=x</cmdline>" in hypervisor.raw.lookupByName(NAME).XMLDesc()
    assert not task(install={**urls, "kernel_args": "inst.word=x"}, extra_args=None).changed
    server.pages.clear()
    assert "install: there is no http://" in refused(name="other", install=urls, extra_args=None)


def test_a_password_of_the_server(hypervisor: Hypervisor, server: WebServer, tree: str) -> None:
    for path, page in server.pages.items():
        server.pages[path] = page._replace(login="who:sesame-12")
    location = {"location": tree, "url_username": "who", "url_password": "sesame-12"}
    done = task(location=location)
    assert "sesame" not in str(done)
    assert "sesame" not in hypervisor.raw.lookupByName(NAME).XMLDesc()
    assert "sesame" not in refused(name="other", location={**location, "url_username": "else"})


def test_a_new_domain_keeps_what_it_was_installed_by(
    hypervisor: Hypervisor, server: WebServer, tree: str
) -> None:
    options: dict[str, t.Any] = {"location": tree, "reinstall": True, "restart": "always"}
    assert task(**options).changed
    number = hypervisor.number(NAME)
    for check in (True, False):
        assert "installation" not in [
            one["path"] for one in task(check, **options).values["changes"]
        ]
    del options["restart"]
    assert not task(**options).changed
    assert hypervisor.number(NAME) == number or hypervisor.number(NAME) > 0


def test_what_can_not_be_installed_once_more(
    hypervisor: Hypervisor, server: WebServer, tree: str
) -> None:
    task(location=tree, extra_args="console=ttyS0")
    wanted = {"location": tree, "reinstall": "2", "restart": "always"}
    before = hypervisor.definition(NAME)
    number = hypervisor.number(NAME)
    for more, reason in (
        (
            {"state": "stopped"},
            "reinstall: the installer is a guest that runs, and state is stopped",
        ),
        ({"mode": "exact"}, "reinstall: with mode exact"),
        ({"affect": ["live"]}, "reinstall: its definition keeps a note of it"),
        ({"location": None, "extra_args": None}, "reinstall: there is nothing to install from"),
        ({"reinstall": "\t"}, "reinstall: the text is empty"),
        ({"restart": "never"}, "reinstall: the guest runs"),
        ({"location": f"{tree}/no"}, "no kernel for x86_64 was found"),
    ):
        assert reason in refused(**{**wanted, **more})
    # A download that fails leaves the guest alone.
    server.pages["/tree/boot/initrd"] = Page(b"another")
    for path in pathlib.Path(IMAGES).glob("sha256-*"):
        path.unlink()
    hypervisor.raw.storagePoolLookupByName("default").refresh()
    done = task_of(domain, **{**BASE, **wanted})
    assert "checksum" in done.msg
    assert (hypervisor.definition(NAME), hypervisor.number(NAME)) == (before, number)
    hypervisor.raw.lookupByName(NAME).managedSave()
    server.pages["/tree/boot/initrd"] = Page(b"another")
    assert "reinstall: its state is saved" in refused(**wanted)


@pytest.fixture(name="disc")
def fixture_disc(server: WebServer) -> dict[str, str]:
    """The option ``cdrom`` with an image that calls itself a disc of Fedora 37."""
    block = b"\x01CD001\x01\0" + b"LINUX".ljust(32) + b"Fedora-S-dvd-x86_64-37".ljust(32)
    size = 2320701440
    block = block.ljust(80, b"\0") + (size // 2048).to_bytes(4, "little")
    block = block.ljust(128, b"\0") + (2048).to_bytes(2, "little")
    content = bytes(0x8000) + block.ljust(2048, b"\0") + bytes(1024**2)
    server.pages["/disc.iso"] = Page(content)
    checksum = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"url": server.url("/disc.iso"), "checksum": checksum}


def test_a_medium_that_is_downloaded(
    hypervisor: Hypervisor, server: WebServer, disc: dict[str, str]
) -> None:
    options: dict[str, t.Any] = {"cdrom": disc, "extra_args": None, "osinfo": "detect=on"}
    foreseen = task(True, **options)
    # What describes it is at its beginning.
    assert server.asked == [("/disc.iso", "bytes=0-34815")]
    assert (NAME in hypervisor.names(), volumes()) == (False, [])
    done = task(**options)
    assert (foreseen.values["changes"], done.changed) == (done.values["changes"], True)
    kept = f"{IMAGES}/sha256-{disc['checksum'][7:]}-as-is"
    assert f"copy of {disc['url']}" in str(done.values["changes"])
    live = hypervisor.raw.lookupByName(NAME).XMLDesc()
    assert f"<source file='{kept}'" in live
    assert "fedoraproject.org/fedora/37" in live
    assert kept not in hypervisor.definition(NAME)
    # Neither the domain nor another one asks for it again.
    asked = len(server.asked)
    for more in ({}, {"mode": "exact"}):
        for check in (True, False):
            assert not task(check, **options, **more).changed
    second = task(**{**options, "name": "second", "state": "present"})
    assert "copy of" not in str(second.values["changes"])
    assert len(server.asked) == asked
    hypervisor.raw.lookupByName("second").undefine()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"checksum": f"sha256:{'0' * 64}"}, "cdrom: checksum: "),
        ({"checksum": None}, "cdrom: what is downloaded needs a checksum"),
        ({"checksum": "http://x/SHA256SUMS"}, "cdrom: checksum is the checksum itself"),
        ({"url": None}, "cdrom: url is missing"),
        ({"url": "/disc.iso"}, "cdrom: url is no URL of a file on a server"),
        ({"path": "x"}, "cdrom: there is no sub-option 'path'"),
        ({"url": "/none.iso of the server"}, "cdrom: there is no http://127.0.0.1"),
        ({"url": "/text of the server"}, "it has no ISO 9660 file system"),
    ],
)
def test_a_medium_that_can_not_be_had(
    hypervisor: Hypervisor,
    server: WebServer,
    disc: dict[str, str],
    more: dict[str, str | None],
    reason: str,
) -> None:
    server.pages["/text"] = Page(b"hello")
    given = {**disc, **more}
    url = given["url"] or ""
    if url.endswith(" of the server"):
        given["url"] = server.url(url.partition(" ")[0])
    options = {**BASE, "extra_args": None, "cdrom": given, "osinfo": "generic"}
    done = task_of(domain, **options)
    assert done.failed
    assert reason in done.msg
    assert (volumes(), NAME in hypervisor.names()) == ([], False)


def test_the_files_of_an_installation_go_with_the_guest(
    hypervisor: Hypervisor, boot: Boot, tree: str, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "ks.cfg").write_text("text\n")
    options: dict[str, t.Any] = {"location": tree, "initrd_inject": [str(tmp_path / "ks.cfg")]}
    task(**options)
    kept = [name for name in volumes() if name.endswith("-as-is")]
    [initrd] = [name for name in volumes() if name.startswith(f"{NAME}-initrd-")]
    # A volume with such a name, and other content, isn't of the installation.
    other = pathlib.Path(IMAGES) / f"{NAME}-kernel"
    other.write_text("my notes")
    hypervisor.raw.storagePoolLookupByName("default").refresh()
    going: dict[str, t.Any] = {
        "name": NAME,
        "state": "absent",
        "remove_volumes": "all",
        "shutdown": SWITCH_OFF,
    }
    foreseen = task_of(domain, True, **going)
    done = task_of(domain, **going)
    assert (foreseen.changed, foreseen.values["changes"]) == (True, done.values["changes"])
    assert f"volume {IMAGES}/{initrd}" in [one["path"] for one in done.values["changes"]]
    assert sorted(volumes()) == sorted([*kept, other.name])
    assert not task_of(domain, **going).changed
    # One that the domain boots at each start is its own.
    mine = pathlib.Path(IMAGES) / "mine-kernel"
    mine.write_bytes(boot.kernel.read_bytes())
    hypervisor.raw.storagePoolLookupByName("default").refresh()
    made = {**BASE, "name": "mine", "state": "present", "boot": {"kernel": str(mine)}}
    assert task_of(domain, **{**made, "extra_args": None, "disk": "none"}).changed
    done = task_of(domain, **{**going, "name": "mine"})
    assert (done.changed, mine.exists()) == (True, True)
