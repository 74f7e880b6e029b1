# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unattended installations: the documents for each system with a script, and the files in them."""

from __future__ import annotations

import collections
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import (
    Database,
    OperatingSystem,
    detect_medium,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    Result,
    domain_defaults,
)

#: Each process of the tests has its own.
_PLACE = pathlib.Path(f"/var/lib/libvirt/images/unattended-{os.getpid()}")
_NAME = f"sol{os.getpid()}.example"
_PASSWORD = _PLACE / "password"
_KERNEL, _INITRD = _PLACE / "vmlinuz", _PLACE / "initrd"
_IMAGE = _PLACE / "image.iso"
_DISC = _PLACE.parent / f"{_NAME}-unattended.iso"
_ALWAYS = ["--memory", "700", "--disk", "size=5", "--name", _NAME]
_OPTIONS: dict[str, t.Any] = {"memory": 700, "disk": [{"size": 5}], "name": _NAME}
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
_PROFILES = ("desktop", "jeos")
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
    # The place is another one in each process.
    ids=["nothing", "none", "file", "text", "root", "unknown profile"],
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


class _Image(t.NamedTuple):
    """An image that the database should know, by what its entry says."""

    system: OperatingSystem
    volume: str
    texts: dict[str, str]
    size: str | None
    kernel: str
    initrd: str

    def write(self, folder: pathlib.Path) -> None:
        """Make the image of files that are no kernels."""
        shutil.rmtree(folder, ignore_errors=True)
        # Another entry with the same label may be the one that is recognised.
        names = {self.kernel, self.initrd}
        for medium in self.system.media():
            names |= {medium.findtext("kernel") or "", medium.findtext("initrd") or ""}
        for name in sorted(filter(None, names)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        labels = [
            word
            for flag, name in (("-p", "publisher-id"), ("-A", "application-id"))
            if name in self.texts
            for word in (flag, self.texts[name])
        ]
        command = ["xorrisofs", "-quiet", "-J", "-r", "-V", self.volume, *labels]
        _IMAGE.unlink(missing_ok=True)
        subprocess.run(
            [*command, "-o", str(_IMAGE), str(folder)], check=True, stderr=subprocess.DEVNULL
        )
        with _IMAGE.open("r+b") as file:
            if "system-id" in self.texts:
                file.seek(0x8000 + 8)
                file.write(self.texts["system-id"].encode().ljust(32))
            if self.size is not None:
                file.seek(0x8000 + 80)
                blocks = int(self.size) // 2048
                # The number is there in both orders of bytes.
                file.write(blocks.to_bytes(4, "little") + blocks.to_bytes(4, "big"))


def _images(system: OperatingSystem) -> t.Iterator[_Image]:
    """One image of each variant, as far as its patterns are texts.

    Which of several entries with the same label libosinfo takes depends on its hashes.
    """
    variants = set()
    labels = collections.Counter(medium.findtext("iso/volume-id") for medium in system.media())
    for medium in system.media():
        iso = medium.find("iso")
        kernel, initrd = medium.findtext("kernel"), medium.findtext("initrd")
        if medium.get("arch") != "x86_64" or iso is None or not (kernel and initrd):
            continue
        names = ("volume-id", "system-id", "publisher-id", "application-id")
        patterns = {name: iso.findtext(name) for name in names}
        texts = {name: re.sub(r"[\\^$]", "", text) for name, text in patterns.items() if text}
        if any(not re.search(patterns[name] or "", text) for name, text in texts.items()):
            continue
        variant = tuple(one.get("id") for one in medium.iterfind("variant"))
        if any(re.search(r"[*+?|()\[]", text) for text in texts.values()):
            # It stands for many texts, and is none of them.
            continue
        if labels[patterns["volume-id"]] > 1:
            continue
        volume = texts.pop("volume-id", "")
        if variant not in variants and 0 < len(volume) <= 32:
            variants.add(variant)
            yield _Image(system, volume, texts, iso.findtext("volume-size"), kernel, initrd)


@pytest.mark.parametrize("profile", _PROFILES)
def test_recognised_images(judge: t.Any, counts: collections.Counter[str], profile: str) -> None:
    """The medium that is recognised is a part of what the scripts are made of."""
    database, recognised = Database(), 0
    answers = {**_ANSWERS, "profile": profile}
    text = ",".join(f"{name}={value}" for name, value in answers.items())
    nested = {name.replace("-", "_"): value for name, value in answers.items()}
    # virt-install refuses images of openSUSE that lack a file of the real ones.
    systems = [system for system in database.all() if system.distro != "opensuse"]
    images = [image for system in systems if system.script_ids() for image in _images(system)]
    # Making an image and reading it takes a second.
    images = images[_PROFILES.index(profile) :: 5]
    for image in images:
        image.write(_PLACE / "content")
        with _IMAGE.open("rb") as file:
            found = detect_medium(database, file)
        # Facts about the host remember what was at the path before.
        judge.host.detect_image.cache_clear()
        judge.host.open_tree.cache_clear()
        recognised += found is not None
        line = ["--osinfo", image.system.short_id, *_ALWAYS, "--location", str(_IMAGE)]
        asked = {"osinfo": image.system.short_id, **_OPTIONS, "location": str(_IMAGE)}
        asked["unattended"] = nested
        with _Written().watching() as written:
            verdict = judge.judged([*line, "--unattended", text], asked)
        what = f"{image.system.short_id} {image.volume}"
        assert verdict.difference is None, f"{what}: {verdict.difference}"
        if verdict.is_refused:
            counts["unattended, of an image: both refuse"] += 1
            continue
        counts["unattended documents, of an image"] += verdict.documents
        ours = domain_defaults(judge.host, asked).scripts
        assert {script.name: script.text for script in ours} == written.files, what
    assert recognised > len(images) * 0.9


@pytest.mark.parametrize("osinfo", [*_FEW, "detect=on"])
def test_a_directory(judge: t.Any, counts: collections.Counter[str], osinfo: str) -> None:
    folder = _PLACE / "tree"
    for name, text in {
        ".treeinfo": "[general]\nfamily = Fedora\nvariant = Server\nversion = 36\narch = x86_64\n"
        "[images-x86_64]\nkernel = vmlinuz\ninitrd = initrd.img\n",
        "vmlinuz": "kernel",
        "initrd.img": "initrd",
    }.items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="ascii")
    answers = {"profile": "jeos", "admin-password-file": str(_PASSWORD)}
    text = ",".join(f"{name}={value}" for name, value in answers.items())
    line = ["--osinfo", osinfo, *_ALWAYS, "--location", str(folder), "--unattended", text]
    asked = {"osinfo": osinfo, **_OPTIONS, "location": str(folder), "unattended": text}
    with _Written().watching() as written:
        verdict = judge.judged(line, asked)
    assert verdict.difference is None
    if not verdict.is_refused:
        counts["unattended documents, of a directory"] += verdict.documents
        ours = domain_defaults(judge.host, asked).scripts
        assert {script.name: script.text for script in ours} == written.files
