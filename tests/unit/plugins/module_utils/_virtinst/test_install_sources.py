# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is installed, and from where."""

from __future__ import annotations

import gzip
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst import system
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.initrd import injected
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.install import (
    Install,
    check_kernel,
    chosen,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.location import prepared
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.storage import Existing

from . import hosts


class Tree:
    path = "/tree"
    is_image = False
    is_url = False

    def __init__(self, **files: str) -> None:
        self._files = {
            name.replace("__", "/").replace("_", "."): text for name, text in files.items()
        }

    def has(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str) -> bytes:
        return self._files[name].encode()

    def text(self, name: str) -> str | None:
        return self._files.get(name)


@pytest.mark.parametrize(
    ("options", "install"),
    [
        ({}, Install()),
        ({"import": True}, Install()),
        ({"cdrom": "/x.iso"}, Install(cdrom="/x.iso", boot="cdrom")),
        ({"cdrom": "/x.iso", "livecd": True}, Install(cdrom="/x.iso", boot="cdrom", is_live=True)),
        ({"pxe": True}, Install(boot="network")),
        ({"install": "bootdev=fd"}, Install(boot="fd")),
        ({"install": "fedora37", "extra_args": "a"}, Install(os="fedora37", arguments="a")),
        ({"install": {"kernel": "/k", "initrd": "/i"}}, Install(kernel="/k", initrd="/i")),
        (
            {"location": "/tree,kernel=k,initrd=i", "extra_args": ["a", "b"]},
            Install(location="/tree", kernel="k", initrd="i", arguments="a b"),
        ),
        (
            {"location": {"location": "/tree"}, "initrd_inject": ["/ks"]},
            Install(location="/tree", injected=("/ks",)),
        ),
        (
            {
                "location": "/tree",
                "extra_args": "a",
                "install": "kernel_args=b,kernel_args_overwrite=yes",
            },
            Install(location="/tree", arguments="b", overwrites=True),
        ),
    ],
)
def test_options(options: dict[str, t.Any], install: Install) -> None:
    assert chosen(options) == install


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"cdrom": "/x", "import": True}, "cdrom and import contradict each other"),
        ({"location": "/x", "pxe": True}, "location and pxe contradict each other"),
        ({"extra_args": "a"}, "extra_args is for a kernel that is booted directly"),
        ({"cdrom": "/x", "initrd_inject": ["/ks"]}, "initrd_inject is for a kernel"),
        ({"location": "nfs:x:/y"}, "nothing is read over NFS"),
        ({"location": "/x,timeout=3"}, "timeout is of no use without a URL"),
        ({"location": "http://x/,timeout=0"}, "location: timeout: 0 is no time"),
        ({"location": "http://x/,kernel_checksum=1"}, "location: kernel_checksum: '1' is no check"),
        ({"location": "/x,kernel=k"}, "kernel and initrd are given together"),
        ({"location": "/x,kernl=k"}, "did you mean kernel?"),
        ({"install": "os=fedora37", "location": "/x"}, "location and install: os contradict each"),
        ({"install": "initrd=/i"}, "an initrd is booted with a kernel; give kernel too"),
    ],
)
def test_contradictions(options: dict[str, t.Any], reason: str) -> None:
    with pytest.raises(OptionError) as error:
        chosen(options)
    assert reason in str(error.value)


def test_a_file_for_the_initrd_that_is_not_there() -> None:
    install = Install(kernel="/k", initrd="/i", injected=("/no/such.ks",))
    with pytest.raises(OptionError, match=r"^initrd_inject: can't read /no/such\.ks: No such file"):
        prepared(hosts.guest(), install)


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        (None, system.Asked(None, True, False)),
        ("gentoo", system.Asked("gentoo", False, False)),
        (
            "http://gentoo.org/gentoo/rolling",
            system.Asked("http://gentoo.org/gentoo/rolling", False, False),
        ),
        ("name=gentoo", system.Asked("gentoo", False, False)),
        ("detect=on,name=gentoo", system.Asked("gentoo", True, False)),
        ("detect=on,require=on", system.Asked(None, True, True)),
        ("auto", system.Asked(None, True, False)),
        ("detect=off", system.Asked(None, False, False)),
    ],
)
def test_operating_systems(value: str | None, asked: system.Asked) -> None:
    assert system.asked(value) == asked


def test_a_kernel_that_is_not_there() -> None:
    kernel = Existing("/kernel", "file")
    guest = hosts.guest(storage=hosts.Storage(existing=[kernel]))
    check_kernel(guest, Install(kernel="/kernel"))
    with pytest.raises(OptionError, match="install: there is nothing at /initrd"):
        check_kernel(guest, Install(kernel="/kernel", initrd="/initrd"))


def test_files_in_an_initrd() -> None:
    initrd = injected(b"before", {"/srv/build.ks": b"text"})
    assert initrd == injected(b"before", {"/srv/build.ks": b"text"})
    archive = gzip.decompress(initrd[len(b"before") :])
    assert archive.startswith(b"070701")
    assert len(archive) % 4 == 0
    assert b"build.ks\0" in archive
    assert b"TRAILER!!!\0" in archive
