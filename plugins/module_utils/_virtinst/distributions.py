# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The distributions' installation trees: which system a tree has, and where its kernel is.

The osinfo database knows many trees by their ``.treeinfo``, and images by their volume
descriptors. The rest is recognised here by what the distributions put into their trees. The
system is named as the database does, and only if it has that name.
"""

from __future__ import annotations

import re
import typing as t

from .._osinfo import Database, OperatingSystem, UnknownOperatingSystem, detect_tree
from .tree import Tree, TreeInfo

if t.TYPE_CHECKING:
    from .._xmltree.lxml_import import etree

XEN = "xen"
_MOST_UPDATES = 99
Pair = tuple[str, str]


class Recognised(t.NamedTuple):
    """A tree: the short id of its system, and the paths where kernel and initrd may be."""

    system: str | None
    kernels: tuple[Pair, ...]


class Medium(t.NamedTuple):
    """An image that the database knows: its system, its kernel and initrd, and the entry itself."""

    system: str
    kernel: str | None
    initrd: str | None
    element: etree._Element | None = None


class View:
    """A tree as the rules of a distribution look at it.

    ``url`` is the place as the task gives it, in which names of releases stand. ``arch`` is the
    guest's, and ``is_xen`` whether the guest is paravirtualised by Xen.
    """

    def __init__(
        self, tree: Tree, database: Database, url: str, arch: str, is_xen: bool = False
    ) -> None:
        self.tree = tree
        self.database = database
        self.url = url
        self.arch = arch
        self.is_xen = is_xen
        self.info = TreeInfo(tree)
        general = self.info.general
        self.family = general.get("family", "")
        self.version = general.get("version", "")
        self.name = general.get("name", "")
        self._suse: dict[str, str] | None = None

    def line_in(self, name: str, pattern: str) -> bool:
        """Whether a line of a file begins with this."""
        lines = (self.tree.text(name) or "").splitlines()
        return any(re.match(pattern, line) for line in lines)

    def known(self, short_id: str) -> str | None:
        """The short id, if the database has it."""
        try:
            self.database.find(short_id)
        except UnknownOperatingSystem:
            return None
        return short_id

    def named(self, prefix: str) -> list[OperatingSystem]:
        """The systems whose short ids begin with this, the newest first."""
        found = [one for one in self.database.all() if one.short_id.startswith(prefix)]
        return sorted(found, key=lambda system: _newest_first(system.short_id))

    def numbers(self) -> tuple[int, int]:
        """The version's number and that of its update."""
        first, _dot, rest = self.version.partition(".")
        return _number(first), _number(rest.partition(".")[0])

    @property
    def described_kernels(self) -> list[Pair]:
        """What ``.treeinfo`` names, for the architecture of the tree."""
        arch = self.info.general.get("arch", self.arch)
        return self.info.kernels(XEN if self.is_xen else arch)

    @property
    def suse(self) -> dict[str, str]:
        """The file ``content`` of SUSE's trees, by its words."""
        if self._suse is None:
            pairs = [line.split(" ", 1) for line in (self.tree.text("content") or "").splitlines()]
            self._suse = {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2}
        return self._suse


class Family(t.NamedTuple):
    """A row: the distributions by their names in the database, and the rules for their trees."""

    distros: tuple[str, ...]
    fits: t.Callable[[View], bool]
    system: t.Callable[[View], str | None]
    kernels: t.Callable[[View], list[Pair]]


def recognised(view: View, medium: Medium | None, preferred: str | None) -> Recognised:
    """What is known of a tree.

    ``medium`` is what the database knows of the image that the tree is in. ``preferred`` is the
    distribution of the system that the task names: its rules are tried first.
    """
    if medium is not None and medium.kernel and medium.initrd:
        return Recognised(medium.system, ((medium.kernel, medium.initrd), *_ANYWHERE))
    named = _by_description(view)
    if not view.tree.is_image and named is not None:
        return Recognised(named, (*view.described_kernels, *_ANYWHERE))
    for family in sorted(_FAMILIES, key=lambda family: preferred not in family.distros):
        if family.fits(view):
            system = family.system(view) or named
            kernels = view.described_kernels if view.family else family.kernels(view)
            return Recognised((medium.system if medium else None) or system, (*kernels, *_ANYWHERE))
    return Recognised(
        medium.system if medium else named,
        (*view.described_kernels, *view.info.kernels(view.arch), *_ANYWHERE),
    )


def asks_database(view: View, preferred: str | None) -> bool:
    """Whether virt-install looks the tree up in the database.

    It doesn't where the rules for the distribution of the system that the task names fit.
    """
    return not any(family.fits(view) for family in _FAMILIES if preferred in family.distros)


def _by_description(view: View) -> str | None:
    found = detect_tree(view.database, view.info.general)
    return None if found is None else found.short_id


# Fedora, Red Hat and what is made of it: .treeinfo has it all.


def _is_family(pattern: str) -> t.Callable[[View], bool]:
    return lambda view: bool(view.family and re.search(pattern, view.family))


def _fedora(view: View) -> str | None:
    unknown = view.known("fedora-unknown")
    return (view.known(f"fedora{view.version}") if view.version else None) or unknown


def _release_of(prefix: str) -> t.Callable[[View], str | None]:
    """The newest update that the database knows, which isn't newer than the tree's."""

    def system(view: View) -> str | None:
        if not view.version:
            return None
        major, update = view.numbers()
        numbers = range(min(update, _MOST_UPDATES), -1, -1)
        names = (view.known(f"{prefix}{major}.{number}") for number in numbers)
        return next(filter(None, names), None)

    return system


def _described(view: View) -> list[Pair]:
    return view.described_kernels


# SUSE: .treeinfo in newer trees, the file "content" in older ones.


def _is_suse(family: str, product: str) -> t.Callable[[View], bool]:
    def fits(view: View) -> bool:
        if view.family:
            return re.search(family, view.family) is not None
        return re.search(product, _suse_product(view)) is not None

    return fits


def _suse_product(view: View) -> str:
    """As ``openSUSE 11.4``; newer files have it behind a comma, after a CPE name."""
    if "LABEL" in view.suse:
        return view.suse["LABEL"]
    distro = view.suse.get("DISTRO", "")
    return distro.rpartition(",")[2] if "," in distro else ""


def _suse_arch(view: View) -> str:
    """As ``x86_64``: of the architectures of a tree the one that its folders are named by."""
    text = view.suse.get("BASEARCHS") or view.suse.get("DEFAULTBASE")
    if text is None:
        text = view.suse.get("REPOID", "").rpartition("/")[2]
    names = text.replace("i586-x86_64", "x86_64").split()
    arch = view.arch if view.arch in names or not names else names[-1]
    return "i386" if re.fullmatch("i[4-9]86", arch) else arch


def _suse_version(view: View) -> str:
    product = _suse_product(view)
    enterprise = re.search(r"(?:Enterprise \w+|SLES) (\d+)(?: SP(\d+))?", product)
    if enterprise is not None:
        return enterprise[1] + (f".{enterprise[2]}" if enterprise[2] else "")
    version = view.suse.get("VERSION", "").partition("-")[0].strip()
    cpe = re.match(r"cpe:/o:[^:]*:[^:]*:([^:,]+),openSUSE", view.suse.get("DISTRO", ""))
    return version or (cpe[1] if cpe else "")


def _suse_system(prefix: str) -> t.Callable[[View], str | None]:
    def system(view: View) -> str | None:
        return (
            _suse_by_description(view, prefix)
            or _suse_by_url(view)
            or _suse_by_content(view, prefix)
        )

    return system


def _suse_by_description(view: View, prefix: str) -> str | None:
    if not view.name:
        return None
    if "openSUSE Tumbleweed" in view.name:
        return view.known("opensusetumbleweed")
    major, update = view.numbers()
    for number in range(min(update, _MOST_UPDATES), -1, -1):
        # The first release of an enterprise system has no number behind a point.
        ending = f".{number}" if number or not prefix.startswith("sle") else ""
        if view.known(f"{prefix}{major}{ending}"):
            return f"{prefix}{major}{ending}"
    return None


def _suse_by_url(view: View) -> str | None:
    for system in view.named("opensuse"):
        version = system.short_id[len("opensuse") :]
        if version and f"/{version}/" in view.url:
            return system.short_id
    return None


def _suse_by_content(view: View, prefix: str) -> str | None:
    version = _suse_version(view)
    if not version:
        return None
    major, _point, update = version.partition(".")
    if prefix.startswith("sle"):
        return view.known(f"{prefix}{major}" + (f"sp{update}" if update else ""))
    return view.known(f"{prefix}{version}")


def _suse_kernels(view: View) -> list[Pair]:
    arch, system = _suse_arch(view), _suse_by_content(view, "sles") or ""
    pairs = []
    if view.is_xen:
        pairs.append((f"boot/{arch}/vmlinuz-xen", f"boot/{arch}/initrd-xen"))
    if system.startswith("sles11") and arch == "s390x":
        pairs.append(("boot/s390x/vmrdr.ikr", "boot/s390x/initrd"))
    if system.startswith("sles11") and arch == "ppc64":
        pairs.append(("suseboot/linux64", "suseboot/initrd64"))
    old = "64" if arch == "x86_64" else ""
    return [
        *pairs,
        (f"boot/{arch}/linux", f"boot/{arch}/initrd"),
        (f"boot/loader/linux{old}", f"boot/loader/initrd{old}"),
        (f"boot/{arch}/loader/linux", f"boot/{arch}/loader/initrd"),
    ]


# Debian and Ubuntu: a list of the installer's files, or the label of an image.

#: The lists, with the folder of the files that they list.
_MANIFESTS = (
    ("current/images/MANIFEST", "current/images"),
    ("current/legacy-images/MANIFEST", "current/legacy-images"),
    ("daily/MANIFEST", "daily"),
)
_LABEL = ".disk/info"
#: The distribution's names for architectures.
_DEBIAN_ARCHES = {
    "x86_64": "amd64",
    "i686": "i386",
    "aarch64": "arm64",
    "armv7l": "armhf",
    "ppc64le": "ppc64el",
}
#: The kernels of an image that boots from a CD-ROM, by the guest's architecture.
_DEBIAN_IMAGES = {
    "x86_64": ("install.amd/vmlinuz", "install.amd/initrd.gz"),
    "i686": ("install.386/vmlinuz", "install.386/initrd.gz"),
    "aarch64": ("install.a64/vmlinuz", "install.a64/initrd.gz"),
    "ppc64le": ("install/vmlinux", "install/initrd.gz"),
    "s390x": ("boot/linux_vm", "boot/root.bin"),
}


def _manifest(view: View, name: str) -> str | None:
    """The folder of the installer's files in a tree of Debian or Ubuntu of this name."""
    for path, folder in _MANIFESTS:
        if view.line_in(path, ".*[Uu]buntu"):
            if name == "ubuntu":
                return folder
        elif view.line_in(path, ".*[Dd]ebian"):
            return folder
    return None


def _is_debian(name: str) -> t.Callable[[View], bool]:
    def fits(view: View) -> bool:
        return _manifest(view, name) is not None or view.line_in(_LABEL, name.capitalize())

    return fits


def _debian_system(name: str) -> t.Callable[[View], str | None]:
    def system(view: View) -> str | None:
        if _manifest(view, name) == "daily":
            return view.known("debiantesting")
        for one in view.named(name):
            words = (one.codename or "").split()[:1] or (one.name or "").split()[1:2]
            if words and f"/{words[0].lower()}/" in view.url:
                return one.short_id
        return None

    return system


def _debian_kernels(name: str) -> t.Callable[[View], list[Pair]]:
    def kernels(view: View) -> list[Pair]:
        folder = _manifest(view, name)
        if folder is None and view.tree.is_image:
            if name == "ubuntu":
                is_mainframe = view.arch == "s390x"
                return [
                    ("boot/kernel.ubuntu", "boot/initrd.ubuntu")
                    if is_mainframe
                    else ("install/vmlinuz", "install/initrd.gz")
                ]
            return [_DEBIAN_IMAGES.get(view.arch, ("install/vmlinuz", "install/initrd.gz"))]
        folder, pairs = folder or "install", []
        for arch in _debian_arches(view):
            base = f"{folder}/netboot/{name}-installer/{arch}"
            linux = "vmlinux" if arch == "ppc64el" else "linux"
            if arch == "s390x":
                pairs.append((f"{folder}/generic/kernel.{name}", f"{folder}/generic/initrd.{name}"))
            else:
                pairs.append((f"{base}/{linux}", f"{base}/initrd.gz"))
            # Of armhf, there is one installer for all.
            pairs += [(f"{folder}/netboot/vmlinuz", f"{folder}/netboot/initrd.gz")] * (
                arch == "armhf"
            )
        if view.is_xen:
            xen = f"{folder}/netboot/xen"
            pairs.insert(0, (f"{xen}/vmlinuz", f"{xen}/initrd.gz"))
        return pairs

    return kernels


def _debian_arches(view: View) -> list[str]:
    """The architecture that the URL names, or else that of the guest."""
    found = re.search(r"/(?:installer-|daily-images/)(\w+)/?$", view.url)
    if found is not None:
        return [found[1]]
    own = _DEBIAN_ARCHES.get(view.arch, view.arch)
    named = [arch for arch in ("i386", "amd64", "arm64") if arch in view.url]
    named += ["amd64"] * ("x86_64" in view.url)
    return list(dict.fromkeys([*named, own, "i386"]))


# Mageia


def _mageia_version(view: View) -> str | None:
    found = re.match(r"Mageia (\d+) ", view.tree.text("VERSION") or "")
    return None if found is None else found[1]


def _mageia_system(view: View) -> str | None:
    return view.known(f"mageia{_mageia_version(view)}")


def _mageia_kernels(view: View) -> list[Pair]:
    return [(f"isolinux/{view.arch}/vmlinuz", f"isolinux/{view.arch}/all.rdz")]


_FAMILIES = (
    Family(("fedora",), _is_family("Fedora"), _fedora, _described),
    Family(("rhel",), _is_family("Red Hat Enterprise Linux|RHEL"), _release_of("rhel"), _described),
    Family(("centos",), _is_family("CentOS|Scientific"), _release_of("centos"), _described),
    Family(
        ("sles",),
        _is_suse("SUSE Linux Enterprise", "SUSE Linux Enterprise Server|SUSE SLES"),
        _suse_system("sles"),
        _suse_kernels,
    ),
    Family(
        ("sled",),
        _is_suse("SUSE Linux Enterprise", "SUSE Linux Enterprise Desktop"),
        _suse_system("sled"),
        _suse_kernels,
    ),
    Family(
        ("opensuse",),
        _is_suse("openSUSE", "openSUSE"),
        _suse_system("opensuse"),
        _suse_kernels,
    ),
    Family(("debian",), _is_debian("debian"), _debian_system("debian"), _debian_kernels("debian")),
    Family(("ubuntu",), _is_debian("ubuntu"), _debian_system("ubuntu"), _debian_kernels("ubuntu")),
    Family(
        ("mageia",), lambda view: _mageia_version(view) is not None, _mageia_system, _mageia_kernels
    ),
)

#: Kernel and initrd of images and directories that say nothing of themselves.
_ANYWHERE = (
    # Fedora and its relatives
    ("images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"),
    # Debian
    ("install.amd/vmlinuz", "install.amd/initrd.gz"),
    ("install.386/vmlinuz", "install.386/initrd.gz"),
    ("install.a64/vmlinuz", "install.a64/initrd.gz"),
    ("install/vmlinux", "install/initrd.gz"),
    ("install/vmlinuz", "install/initrd.gz"),
    # Ubuntu
    ("casper/vmlinuz", "casper/initrd"),
    # SUSE
    ("boot/x86_64/loader/linux", "boot/x86_64/loader/initrd"),
    ("boot/aarch64/linux", "boot/aarch64/initrd"),
    ("boot/ppc64le/linux", "boot/ppc64le/initrd"),
    ("boot/s390x/linux", "boot/s390x/initrd"),
    # Mageia
    ("isolinux/x86_64/vmlinuz", "isolinux/x86_64/all.rdz"),
    ("isolinux/vmlinuz", "isolinux/initrd.img"),
)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _newest_first(short_id: str) -> list[tuple[int, str]]:
    """A key by which higher numbers come first."""
    parts = re.split("([0-9]+)", short_id)
    return [(-int(part), "") if part.isdigit() else (0, part) for part in parts]
