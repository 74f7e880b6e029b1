# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts that answer an installer's questions.

A script of the database is a stylesheet in XSLT 1.0. Its input describes the script itself, the
operating system, the medium and the answers; the root element says what is to be made of them:
the script, or the kernel's arguments. libosinfo's own input was read by a stylesheet that copies
it.
"""

from __future__ import annotations

import typing as t

from .._xmltree.lxml_import import etree

if t.TYPE_CHECKING:
    from .operating_system import OperatingSystem

#: The root elements of the input, one for each result.
_SCRIPT, _COMMAND_LINE = "install-script-config", "command-line"
_STYLESHEET = "{http://www.w3.org/1999/XSL/Transform}stylesheet"
_TEMPLATE = "{http://www.w3.org/1999/XSL/Transform}template"
#: The answers that libosinfo gives if nobody else does: osinfo_install_config_init().
_ANSWERS = {
    "l10n-language": "en_US",
    "l10n-timezone": "America/New_York",
    "l10n-keyboard": "en_US",
}
#: What is copied of a medium's element; libosinfo flattens it to one level.
_OF_MEDIUM = ("url", "kernel", "initrd")
_OF_ISO = (
    "volume-id",
    "system-id",
    "publisher-id",
    "application-id",
    "volume-size",
    "l10n-language",
)


class Source(t.NamedTuple):
    """How a script reaches the installer, and what is installed from.

    * ``method``: ``cdrom``, ``initrd``, ``floppy`` or ``disk``.
    * ``medium``: the database's element of the recognised image; ``None`` for a network.
    * ``tree``: the same of the recognised tree.
    * ``is_network``: whether the installer gets its packages over the network.
    """

    method: str
    medium: etree._Element | None = None
    tree: etree._Element | None = None
    is_network: bool = False


class InstallScript:
    """One script. ``value_map`` finds the database's map with this URL."""

    def __init__(
        self, element: etree._Element, value_map: t.Callable[[str], t.Mapping[str, str]]
    ) -> None:
        self._element = element
        self._value_map = value_map

    @property
    def id(self) -> str:
        """Its URL."""
        return self._element.get("id") or ""

    @property
    def profile(self) -> str:
        """What it makes of the system: ``desktop``, ``jeos``…"""
        return self._element.findtext("profile") or ""

    @property
    def file_name(self) -> str:
        """The name under which the installer looks for it."""
        return self._element.findtext("expected-filename") or ""

    @property
    def methods(self) -> list[str]:
        """The ways in which it can reach the installer: ``cdrom``, ``floppy``, ``initrd``…"""
        return [element.text or "" for element in self._element.iterfind("injection-method")]

    def required(self) -> list[str]:
        """The answers that it can't do without."""
        # A parameter that is mentioned twice is as its last mention says.
        policies = {
            param.get("name") or "": param.get("policy")
            for param in self._element.iterfind("config/param")
        }
        return [name for name, policy in policies.items() if policy == "required"]

    def text(self, system: OperatingSystem, source: Source, answers: t.Mapping[str, str]) -> str:
        """The script with these answers, such as ``hostname``.

        :raises etree.XSLTApplyError: the template has an error.
        """
        return self._made(_SCRIPT, system, source, answers)

    def arguments(
        self, system: OperatingSystem, source: Source, answers: t.Mapping[str, str]
    ) -> str:
        """The arguments by which the installer's kernel learns of the script.

        Without a template for them there are none: the rules of XSLT would take all texts of the
        input instead, with the passwords among them.
        """
        templates = self._element.iterfind(f"template/{_STYLESHEET}/{_TEMPLATE}")
        if not any(template.get("match") == f"/{_COMMAND_LINE}" for template in templates):
            return ""
        return self._made(_COMMAND_LINE, system, source, answers)

    def _made(
        self, root: str, system: OperatingSystem, source: Source, answers: t.Mapping[str, str]
    ) -> str:
        stylesheet = self._element.find(f"template/{_STYLESHEET}")
        if stylesheet is None:
            return ""
        # A document of its own: a stylesheet is the root of one.
        document = etree.fromstring(etree.tostring(stylesheet, with_tail=False), _parser())
        transform = etree.XSLT(document, access_control=etree.XSLTAccessControl.DENY_ALL)
        return str(transform(self._input(root, system, source, answers)))

    def _input(
        self, root: str, system: OperatingSystem, source: Source, answers: t.Mapping[str, str]
    ) -> etree._Element:
        document = etree.Element(root)
        _add(document, "script", self._own_facts(source))
        _add(document, "os", system.facts())
        if source.medium is not None:
            _add(document, "media", _facts_of_medium(source.medium))
        elif source.tree is not None and root == _COMMAND_LINE:
            # Of a script, libosinfo 1.10 leaves it out.
            _add(document, "tree", _facts_of_tree(source.tree))
        _add(document, "config", self._translated({**_ANSWERS, **answers}))
        return document

    def _own_facts(self, source: Source) -> t.Iterator[tuple[str, str]]:
        yield "id", self.id
        for name in ("profile", "path-format", "product-key-format", "expected-filename"):
            text = self._element.findtext(name)
            if text is not None:
                yield name, text
        yield "preferred-injection-method", source.method
        yield "installation-source", "network" if source.is_network else "media"

    def _translated(self, answers: t.Mapping[str, str]) -> t.Iterator[tuple[str, str]]:
        """The answers in the installer's words, such as ``us`` for the keyboard of en_US."""
        maps = {
            param.get("name"): param.get("value-map")
            for param in self._element.iterfind("config/param")
        }
        for name, value in answers.items():
            place = maps.get(name)
            yield name, value if place is None else self._value_map(place).get(value, value)


def _facts_of_medium(medium: etree._Element) -> t.Iterator[tuple[str, str]]:
    yield "architecture", medium.get("arch") or ""
    for variant in medium.iterfind("variant"):
        yield "variant", variant.get("id") or ""
    for name in ("live", "installer", "installer-script", "installer-reboots"):
        value = medium.get(name)
        if value is not None:
            yield name, value
    for parent, names in ((medium, _OF_MEDIUM), (medium.find("iso"), _OF_ISO)):
        for name in names if parent is not None else ():
            for element in () if parent is None else parent.iterfind(name):
                yield name, element.text or ""


def _facts_of_tree(tree: etree._Element) -> t.Iterator[tuple[str, str]]:
    yield "architecture", tree.get("arch") or ""
    for variant in tree.iterfind("variant"):
        yield "variant", variant.get("id") or ""
    for name in ("url", "kernel", "initrd", "boot-iso"):
        for element in tree.iterfind(name):
            yield name, element.text or ""
    for name in ("family", "variant", "version", "arch"):
        for element in tree.iterfind(f"treeinfo/{name}"):
            yield f"treeinfo-{name}", element.text or ""


def _add(root: etree._Element, name: str, facts: t.Iterable[tuple[str, str]]) -> None:
    element = etree.SubElement(root, name)
    for key, value in facts:
        etree.SubElement(element, key).text = value


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
