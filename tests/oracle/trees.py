# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installation trees of the distributions, with nothing in their kernels."""

from __future__ import annotations

import typing as t


class FakeTree(t.NamedTuple):
    """A tree: where it is on its server, and its files that aren't empty."""

    place: str
    files: t.Mapping[str, str]


def _described(family: str, version: str, **more: str) -> FakeTree:
    """A tree with ``.treeinfo``."""
    arch, name = more.pop("arch", "x86_64"), more.pop("file", ".treeinfo")
    general = {"family": family, "version": version, "arch": arch, **more}
    lines = [f"{key} = {value}" for key, value in general.items()]
    images = f"[images-{arch}]\nkernel = boot/k\ninitrd = boot/i\n"
    images += "[images-xen]\nkernel = boot/xk\ninitrd = boot/xi\n"
    text = "\n".join(["[general]", *lines, images])
    files = {name: text, **dict.fromkeys(("boot/k", "boot/i", "boot/xk", "boot/xi"), "x")}
    return FakeTree("/pub/tree", files)


def _debian(
    name: str, release: str, arch: str = "amd64", folder: str = "current/images"
) -> FakeTree:
    base = f"{folder}/netboot/{name}-installer/{arch}"
    place = f"/{name}/dists/{release}/main/installer-{arch}/"
    if folder == "daily":
        place = f"/daily-images/{arch}/"
    return FakeTree(
        place,
        {
            f"{folder}/MANIFEST": f"netboot/x   tiny CD image for {name.capitalize()}\n",
            f"{base}/linux": "k",
            f"{base}/initrd.gz": "i",
        },
    )


def _suse(content: str, kernel: str, initrd: str, place: str = "/pub/suse") -> FakeTree:
    return FakeTree(place, {"content": content, kernel: "k", initrd: "i"})


TREES = {
    "fedora 37": _described("Fedora", "37", variant="Server"),
    "fedora 37 everything": _described("Fedora", "37", variant="Everything"),
    "fedora of the future": _described("Fedora", "99", variant="Server"),
    "fedora rawhide": _described("Fedora", "Rawhide", variant="Server"),
    "fedora 12, which has method": _described("Fedora", "12"),
    "rhel 8": _described("Red Hat Enterprise Linux", "8.2"),
    "rhel of the future": _described("Red Hat Enterprise Linux", "8.77"),
    "rhel without a version": _described("Red Hat Enterprise Linux", ""),
    "rhel 6": _described("Red Hat Enterprise Linux", "6.5", file="treeinfo"),
    "centos 7": _described("CentOS", "7"),
    "centos 6": _described("CentOS", "6.5"),
    "centos 6 of the future": _described("CentOS", "6.77"),
    "centos stream": _described("CentOS Stream", "9"),
    "scientific": _described("Scientific Linux", "6.5"),
    "rocky": _described("Rocky Linux", "8.4"),
    "alma": _described("AlmaLinux", "8.4"),
    "sles 15": _described("SUSE Linux Enterprise", "15.3", name="SUSE Linux Enterprise 15 SP3"),
    "sles 15 at first": _described("SUSE Linux Enterprise", "15", name="SUSE Linux Enterprise 15"),
    "leap": _described("openSUSE Leap", "15.4", name="openSUSE Leap 15.4"),
    "leap of the future": _described("openSUSE Leap", "15.77", name="openSUSE Leap 15.77"),
    "tumbleweed": _described("openSUSE Tumbleweed", "20221130", name="openSUSE Tumbleweed"),
    "someone else": _described("Someone's Linux", "3"),
    "old openSUSE": _suse(
        "LABEL openSUSE 11.4\nVERSION 11.4\nBASEARCHS x86_64\n",
        "boot/x86_64/loader/linux",
        "boot/x86_64/loader/initrd",
    ),
    "openSUSE with a CPE": _suse(
        "DISTRO cpe:/o:opensuse:opensuse:13.2,openSUSE\n"
        "REPOID obsproduct://build.opensuse.org/openSUSE:13.2/openSUSE/13.2/ftp/i586-x86_64\n",
        "boot/x86_64/linux",
        "boot/x86_64/initrd",
    ),
    "openSUSE by its URL": _suse(
        "LABEL openSUSE\nVERSION 77\nBASEARCHS x86_64\n",
        "boot/x86_64/loader/linux",
        "boot/x86_64/loader/initrd",
        "/distribution/12.3/repo/oss",
    ),
    "sles 11": _suse(
        "LABEL SUSE Linux Enterprise Server 11 SP4\nVERSION 11.4-0\nBASEARCHS x86_64\n",
        "boot/x86_64/loader/linux",
        "boot/x86_64/loader/initrd",
    ),
    "sles 12": _suse(
        "DISTRO cpe:/o:suse:sles:12:sp3,SUSE Linux Enterprise Server 12 SP3\n"
        "REPOID obsproduct://build.suse.de/SUSE:SLE-12-SP3:GA/SLES/12.3/DVD/x86_64\n",
        "boot/x86_64/linux",
        "boot/x86_64/initrd",
    ),
    "debian bullseye": _debian("debian", "bullseye"),
    "debian stretch": _debian("debian", "stretch"),
    "debian without a name": _debian("debian", "nothing"),
    "debian daily": _debian("debian", "", folder="daily"),
    "ubuntu xenial": _debian("ubuntu", "xenial"),
    "ubuntu focal, its old installer": _debian("ubuntu", "focal", folder="current/legacy-images"),
    "debian's image, mounted": FakeTree(
        "/mnt/debian-amd64",
        {
            ".disk/info": 'Debian GNU/Linux 11.1.0 "Bullseye"\n',
            "install/netboot/debian-installer/amd64/linux": "k",
            "install/netboot/debian-installer/amd64/initrd.gz": "i",
        },
    ),
    "mageia": FakeTree(
        "/mageia/x86_64",
        {
            "VERSION": "Mageia 8 Official DVD x86_64\n",
            "isolinux/x86_64/vmlinuz": "k",
            "isolinux/x86_64/all.rdz": "i",
        },
    ),
    "mageia of the future": FakeTree(
        "/mageia/x86_64",
        {
            "VERSION": "Mageia 77 Official DVD x86_64\n",
            "isolinux/x86_64/vmlinuz": "k",
            "isolinux/x86_64/all.rdz": "i",
        },
    ),
}
