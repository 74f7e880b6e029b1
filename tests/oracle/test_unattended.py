# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unattended installations: the documents for each system with a script, and the files in them."""

from __future__ import annotations

import collections
import contextlib
import os
import pathlib
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import Database
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    Result,
    domain_defaults,
)

_PLACE = pathlib.Path("/var/lib/libvirt/images/unattended")
_PASSWORD = _PLACE / "password"
_KERNEL, _INITRD = _PLACE / "vmlinuz", _PLACE / "initrd"
_IMAGE = _PLACE / "image.iso"
_DISC = _PLACE.parent / "sol.example-unattended.iso"
_ALWAYS = ["--memory", "700", "--disk", "size=5", "--name", "sol.example"]
_OPTIONS: dict[str, t.Any] = {"memory": 700, "disk": [{"size": 5}], "name": "sol.example"}
_ANSWERS = {
    "admin-password-file": str(_PASSWORD),
    "user-password-file": str(_PASSWORD),
    "user-login": "Bob",
    "product-key": "AAAAA-BBBBB",
    "reg-login": "someone",
}
#: How virt-install boots, and the same as options.
_SOURCES: dict[str, tuple[list[str], dict[str, t.Any]]] = {
    "kernel": (
        ["--install", f"kernel={_KERNEL},initrd={_INITRD}", "-x", "console=ttyS0"],
        {
            "install": {"kernel": str(_KERNEL), "initrd": str(_INITRD)},
            "extra_args": "console=ttyS0",
        },
    ),
    "kernel and its arguments": (
        ["--install", f"kernel={_KERNEL},initrd={_INITRD},kernel_args=a,kernel_args_overwrite=yes"],
        {
            "install": {
                "kernel": str(_KERNEL),
                "initrd": str(_INITRD),
                "kernel_args": "a",
                "kernel_args_overwrite": True,
            }
        },
    ),
    "cdrom": (["--cdrom", str(_IMAGE)], {"cdrom": str(_IMAGE)}),
    "import": (["--import"], {"import": True}),
}
#: What is compared for every system; the rest for one of each kind.
_FOR_ALL = ("kernel", "cdrom")
_FEW = ("fedora36", "rhel9.0", "debian11", "ubuntu22.04", "opensuse15.4", "win10", "winvista")


@pytest.fixture(scope="module", autouse=True)
def fixture_files(judge: t.Any) -> None:
    _PLACE.mkdir(parents=True, exist_ok=True)
    _PASSWORD.write_text("pw-of-bob\nrest\n", encoding="ascii")
    for path in (_KERNEL, _INITRD):
        path.write_bytes(path.name.encode())
    _IMAGE.write_bytes(bytes(0x8000) + b"\x01CD001\x01" + bytes(2041))


class _Written:
    """What virt-install puts into the initrd or onto the CD-ROM, instead of into a file."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def take(self, pairs: t.Iterable[t.Any]) -> None:
        for path, name in pairs:
            self.files[name] = pathlib.Path(path).read_text(encoding="utf-8")

    @contextlib.contextmanager
    def watching(self) -> t.Iterator[_Written]:
        from virtinst.install import installer, installertreemedia, unattended

        def on_disc(pairs: t.Any, *_rest: t.Any, **_more: t.Any) -> str:
            self.take(pairs)
            # Ours has this name.
            _DISC.write_bytes(b"")
            return str(_DISC)

        def in_initrd(_initrd: t.Any, pairs: t.Any, *_rest: t.Any) -> None:
            self.take(pairs)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(installer, "perform_cdrom_injections", on_disc)
            patch.setattr(installertreemedia, "perform_initrd_injections", in_initrd)
            # Nothing is reached from here.
            patch.setattr(unattended, "download_drivers", lambda *_all: [])
            patch.setattr(installer.Installer, "_upload_media", lambda _s, _g, _m, paths: paths)
            yield self


@pytest.mark.parametrize("source", _SOURCES)
@pytest.mark.parametrize("profile", ["desktop", "jeos", None])
def test_the_same_as_virt_install(
    judge: t.Any, counts: collections.Counter[str], source: str, profile: str | None
) -> None:
    arguments, options = _SOURCES[source]
    compared = 0
    for system in Database().all() if source in _FOR_ALL else map(Database().find, _FEW):
        if not system.script_ids():
            continue
        answers = {**_ANSWERS, **({"profile": profile} if profile else {})}
        text = ",".join(f"{name}={value}" for name, value in answers.items())
        nested = {name.replace("-", "_"): value for name, value in answers.items()}
        line = ["--osinfo", system.short_id, *_ALWAYS, *arguments, "--unattended", text]
        asked = {"osinfo": system.short_id, **_OPTIONS, **options, "unattended": nested}
        with _Written().watching() as written:
            verdict = judge.judged(line, asked)
        assert verdict.difference is None, f"{system.short_id}: {verdict.difference}"
        if verdict.is_refused:
            counts["unattended: both refuse"] += 1
            continue
        compared += 1
        counts["unattended documents"] += verdict.documents
        result: Result = domain_defaults(judge.host, asked)
        ours = {script.name: script.text for script in result.scripts}
        assert ours == written.files, system.short_id
        counts["unattended scripts"] += len(ours)
        assert all("pw-of-bob" not in script.hidden for script in result.scripts)
    assert compared > 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", True),
        ("none", "none"),
        (f"profile=jeos,admin-password-file={_PASSWORD}", None),
        (
            f"profile=jeos,admin-password-file={_PASSWORD}",
            {"profile": "jeos", "admin_password": "x"},
        ),
        (f"admin-password-file={_PASSWORD},user-login=root", None),
        (f"admin-password-file={_PASSWORD},user-login=x,profile=cloud", None),
    ],
)
def test_forms(judge: t.Any, text: str, value: t.Any) -> None:
    arguments, options = _SOURCES["kernel"]
    with _Written().watching():
        verdict = judge.judged(
            [
                "--osinfo",
                "fedora36",
                *_ALWAYS,
                *arguments,
                "--unattended",
                *([text] if text else []),
            ],
            {
                "osinfo": "fedora36",
                **_OPTIONS,
                **options,
                "unattended": text if value is None else value,
            },
        )
    assert verdict.difference is None
    assert verdict.is_refused == ("root" in text or "cloud" in text)
    assert os.environ.get("PRIVATE_LIBVIRTD") == "1"
