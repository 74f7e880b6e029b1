# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a whole command line of virt-install."""

from __future__ import annotations

import argparse
import difflib
import re
import shlex
import typing as t

from ..._secrecy import shown
from ..errors import OptionError
from .table import GROUPS
from .values import truth

_PROGRAM = "virt-install"
#: Values that ask for help, as in ``--disk=?``.
_HELP = frozenset(["?", "help"])
_CONTINUED = re.compile(r"\\\r?\n")


class CommandLine(t.NamedTuple):
    """The options of a command line, for :func:`..defaults.domain_defaults`, and notes.

    ``task`` has options of the module domain, which say what is done with the domain.
    """

    options: dict[str, t.Any]
    notes: tuple[str, ...]
    task: dict[str, t.Any]


#: Options with one value, by the collection's name.
_VALUES = {
    "name": ("-n", "--name"),
    "uuid": ("-u", "--uuid"),
    "description": ("--description",),
    "cdrom": ("-c", "--cdrom"),
    "location": ("-l", "--location"),
    "install": ("--install",),
    "osinfo": ("--os-variant", "--osinfo"),
    "virt_type": ("--virt-type",),
    "arch": ("--arch",),
    "machine": ("--machine",),
}
#: Options that may be given several times, or without a value.
_REPEATED = {"extra_args": ("-x", "--extra-args"), "initrd_inject": ("--initrd-inject",)}
_OPTIONAL = {"unattended": ("--unattended",), "cloud_init": ("--cloud-init",)}
_SWITCHES = {"import": ("--import",), "pxe": ("--pxe",), "livecd": ("--livecd",)}
_OS_TYPES = {"hvm": ("-v", "--hvm"), "xen": ("-p", "--paravirt"), "exe": ("--container",)}


class _Noted(t.NamedTuple):
    """An option that isn't about the domain; ``nargs`` as in argparse, 0 for a switch."""

    flags: tuple[str, ...]
    nargs: int | str
    note: str


#: A URI, which names a hypervisor and no medium.
_URI = re.compile(r"(qemu|xen|lxc|test|vz|openvz|bhyve|ch|esx|vpx|hyperv)(\+\w+)?://")
_NOTHING = "has no meaning here, and is left out"
_NOTED = (
    _Noted(("--connect",), 1, "is left out; set uri instead"),
    _Noted(("--wait",), "?", "is left out; set wait instead"),
    _Noted(("--noreboot",), 0, "is left out; without wait nothing is started a second time"),
    _Noted(("--transient",), 0, "is left out; the domain is defined"),
    _Noted(("--noautoconsole",), 0, "is left out; no console is opened"),
    _Noted(("--autoconsole",), 1, "is left out; no console is opened"),
    _Noted(("--destroy-on-exit",), 0, _NOTHING),
    _Noted(
        ("--check",),
        1,
        "is left out but for disk_size, which lets the given disks outgrow their pool",
    ),
    _Noted(("--print-xml",), "?", _NOTHING),
    _Noted(("--print-step",), 1, _NOTHING),
    _Noted(("--dry-run",), 0, _NOTHING),
    _Noted(("-q", "--quiet"), 0, _NOTHING),
    _Noted(("-d", "--debug"), 0, _NOTHING),
    _Noted(("--os-type",), 1, "has long been without effect, and is left out"),
    _Noted(("--check-cpu",), 0, "has long been without effect, and is left out"),
    _Noted(("--accelerate",), 0, "has long been without effect, and is left out"),
    _Noted(("--prompt",), 0, "has long been without effect, and is left out"),
    _Noted(("--force",), 0, _NOTHING),
)
#: Older options, which have become sub-options: flags, and whether they take a value.
_OLD = {
    "ram": (("-r", "--ram"), True),
    "cpuset": (("--cpuset",), True),
    "init": (("--init",), True),
    "file": (("-f", "--file"), True),
    "file_size": (("-s", "--file-size"), True),
    "nonsparse": (("--nonsparse",), False),
    "nodisks": (("--nodisks",), False),
    "nonetworks": (("--nonetworks",), False),
    "bridge": (("-b", "--bridge"), True),
    "mac": (("-m", "--mac"), True),
    "vnc": (("--vnc",), False),
    "sdl": (("--sdl",), False),
    "nographics": (("--nographics",), False),
    "vncport": (("--vncport",), True),
    "vnclisten": (("--vnclisten",), True),
    "keymap": (("-k", "--keymap"), True),
    "noapic": (("--noapic",), False),
    "noacpi": (("--noacpi",), False),
}
#: Which checks a disk that is larger than what is left in its pool fails.
_OF_SIZE = frozenset(["disk_size", "all"])
_IMPOSSIBLE = {
    "--help": "asks for help",
    "-h": "asks for help",
    "--version": "asks for the version",
}


def read(text: str) -> CommandLine:
    """Read a command line.

    It may have line breaks after backslashes, a prompt, ``sudo``, and the name of the program.

    :raises OptionError: it can't be read, or asks for something impossible.
    """
    given = _parser().parse(_words(text))
    options: dict[str, t.Any] = {
        name: given[name]
        for name in (*_VALUES, *_REPEATED, *_OPTIONAL, *_SWITCHES, "os_type")
        if given[name] is not None
    }
    if _URI.match(str(options.get("cdrom", ""))):
        # In virt-install's sister programs -c is short for --connect.
        del options["cdrom"]
        given["--connect"] = given["--connect"] or []
    groups: dict[str, list[str]] = {
        name: [value or "default" for value in given[name]]
        for name in GROUPS
        if given[name] is not None
    }
    old = {name: given[f"old {name}"] or [] for name in _OLD}
    task = _of_the_task(options, given)
    _convert_memory(groups, old)
    _convert_boot(groups, old)
    _convert_disks(groups, old)
    _convert_networks(groups, old)
    _convert_graphics(groups, old)
    _convert_features(groups, old)
    _convert_check(groups, given["--check"] or "")
    asked = [name for name, values in groups.items() if _HELP & set(values)]
    if asked or options.get("osinfo") == "list":
        raise OptionError(f"virt_install: {(asked or ['osinfo'])[0]} asks for help")
    return CommandLine(
        {**options, **groups},
        tuple(
            f"{row.flags[-1]} of virt-install {row.note}"
            for row in _NOTED
            if given[row.flags[-1]] is not None
        ),
        task,
    )


def _of_the_task(options: dict[str, t.Any], given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of the module domain; ``--reinstall`` names the domain, too.

    :raises OptionError: the domain has two names.
    """
    task: dict[str, t.Any] = {"autostart": True} if given["autostart"] else {}
    name = given["reinstall"]
    if name is not None:
        if options.setdefault("name", name) != name:
            raise OptionError("virt_install: --reinstall names the domain; leave --name out")
        task["reinstall"] = True
    return task


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(_CONTINUED.sub(" ", text))
    except ValueError as error:
        raise OptionError(f"virt_install: it can't be split into words: {error}") from None
    for word in ("$", "#", "sudo"):
        if words[:1] == [word]:
            words = words[1:]
    if words and words[0].rpartition("/")[2] == _PROGRAM:
        words = words[1:]
    for word in words:
        flag = word.partition("=")[0]
        if flag in _IMPOSSIBLE:
            raise OptionError(f"virt_install: {flag} {_IMPOSSIBLE[flag]}")
    return words


class _Parser(argparse.ArgumentParser):
    """Raises errors instead of ending the program."""

    def error(self, message: str) -> t.NoReturn:
        raise OptionError(f"virt_install: {shown(message)}")

    def parse(self, words: list[str]) -> dict[str, t.Any]:
        known, unknown = self.parse_known_args(words)
        if unknown:
            word = unknown[0]
            if not word.startswith("-"):
                self.error(
                    f"{shown(word)} is no option; give a command line of virt-install, with quotes "
                    "around a value that has spaces"
                )
            flag = word.partition("=")[0]
            close = difflib.get_close_matches(flag, self._option_string_actions, n=1)
            self.error(
                f"there is no option {shown(flag)}"
                + (f"; did you mean {close[0]}?" if close else "")
            )
        return vars(known)


def _parser() -> _Parser:
    parser = _Parser(prog=_PROGRAM, add_help=False)
    for name, flags in _VALUES.items():
        parser.add_argument(*flags, dest=name)
    for name, flags in _REPEATED.items():
        parser.add_argument(*flags, dest=name, action="append")
    for name, flags in _OPTIONAL.items():
        parser.add_argument(*flags, dest=name, nargs="?", const="")
    for name, flags in _SWITCHES.items():
        parser.add_argument(*flags, dest=name, action="store_const", const=True)
    kinds = parser.add_mutually_exclusive_group()
    for kind, flags in _OS_TYPES.items():
        kinds.add_argument(*flags, dest="os_type", action="store_const", const=kind)
    for name, group in GROUPS.items():
        # The option was a switch once.
        nargs = "?" if name == "sound" else None
        parser.add_argument(*group.flags, dest=name, action="append", nargs=nargs)
    parser.add_argument("--autostart", dest="autostart", action="store_const", const=True)
    parser.add_argument("--reinstall", dest="reinstall")
    for name, (flags, has_value) in _OLD.items():
        action: dict[str, t.Any] = (
            {"action": "append"} if has_value else {"action": "append_const", "const": "yes"}
        )
        parser.add_argument(*flags, dest=f"old {name}", **action)
    for row in _NOTED:
        dest = row.flags[-1]
        if row.nargs == 0:
            parser.add_argument(*row.flags, dest=dest, action="store_const", const=True)
        elif row.nargs == 1:
            parser.add_argument(*row.flags, dest=dest)
        else:
            parser.add_argument(*row.flags, dest=dest, nargs="?", const="")
    return parser


Groups = dict[str, "list[str]"]
Old = t.Mapping[str, "list[str]"]


def _convert_memory(groups: Groups, old: Old) -> None:
    if old["ram"] and "memory" not in groups:
        groups["memory"] = [old["ram"][-1]]
    if old["cpuset"]:
        groups.setdefault("vcpus", []).append(f",cpuset={old['cpuset'][-1]}")


def _convert_boot(groups: Groups, old: Old) -> None:
    if old["init"]:
        boot = groups.setdefault("boot", [""])
        boot[-1] += f",init={old['init'][-1]}"


def _convert_disks(groups: Groups, old: Old) -> None:
    has_old = bool(old["file"] or old["file_size"] or old["nonsparse"])
    if old["nodisks"] and (groups.get("disk") or has_old):
        raise OptionError("virt_install: --nodisks contradicts the disks that are given")
    if has_old and groups.get("disk"):
        raise OptionError(
            "virt_install: --file, --file-size and --nonsparse can't be given together with --disk"
        )
    if old["nodisks"]:
        groups["disk"] = ["none"]
    if not has_old:
        return
    number = max(len(old["file"]), len(old["file_size"]))
    disks = []
    for index in range(number):
        parts = [
            f"{key}={values[index]}"
            for key, values in (("path", old["file"]), ("size", old["file_size"]))
            if index < len(values)
        ]
        disks.append(",".join([*parts, *(["sparse=no"] if old["nonsparse"] else [])]))
    if disks:
        groups["disk"] = disks


def _convert_networks(groups: Groups, old: Old) -> None:
    networks = ["none"] if old["nonetworks"] else list(groups.get("network", ()))
    if old["bridge"] and networks:
        raise OptionError("virt_install: --bridge and --network can't be given together")
    networks += [f"bridge={bridge}" for bridge in old["bridge"]]
    # A MAC address alone stands for an interface on the default network.
    networks += ["default"] * (len(old["mac"]) - len(networks))
    for index, mac in enumerate(old["mac"]):
        networks[index] += f",mac={mac}"
    if networks:
        groups["network"] = [re.sub(r"^(network|bridge):", r"\1=", network) for network in networks]


def _convert_graphics(groups: Groups, old: Old) -> None:
    kinds = [
        word for name, word in (("vnc", "vnc"), ("sdl", "sdl"), ("nographics", "none")) if old[name]
    ]
    details = [
        (key, old[name][-1])
        for name, key in (("vnclisten", "listen"), ("vncport", "port"), ("keymap", "keymap"))
        if old[name]
    ]
    if groups.get("graphics") and (kinds or details):
        raise OptionError("virt_install: older options of graphics contradict --graphics")
    if len(kinds) > 1:
        raise OptionError("virt_install: only one of --vnc, --sdl and --nographics can be given")
    if kinds:
        groups["graphics"] = [",".join([kinds[0], *(f"{key}={value}" for key, value in details)])]


def _convert_features(groups: Groups, old: Old) -> None:
    features = [
        f"{name}=off" for name, flag in (("acpi", "noacpi"), ("apic", "noapic")) if old[flag]
    ]
    if features and "features" not in groups:
        groups["features"] = [",".join(features)]


def _convert_check(groups: Groups, check: str) -> None:
    """A disk whose size isn't looked at may outgrow its pool."""
    settings = dict(part.partition("=")[::2] for part in check.split(","))
    if all(truth(settings.get(name) or "on") is not False for name in _OF_SIZE):
        return
    if "disk" in groups:
        groups["disk"] = [
            disk if disk == "none" or "sparse=" in disk else f"{disk},sparse=yes"
            for disk in groups["disk"]
        ]
