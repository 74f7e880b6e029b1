# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exporting one domain."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ..._reconcile.domain.ansible_host import host_element, tags_and_vars
from ..._reconcile.plan import Change
from ..._xmltree.element import Element, apart
from ..._xmltree.serialise import serialise
from ..errors import OptionError
from ..host import Host
from ..options.listed import LISTS
from ..options.rows import Group, Nothing
from ..options.setters.metadata import os_of
from ..options.table import GROUPS
from ..options.texts import TEXTS
from .draft import Draft
from .hidden import Hidden, without_secrets
from .places import Unsayable, add_steps, of_applications
from .proof import Proof
from .readers import elements_of, group_of, read
from .shorten import shortened

MAC, UUID, MACHINE, ADDRESSES = "mac", "uuid", "machine", "addresses"
KEEPS = (UUID, MAC, MACHINE, ADDRESSES)
#: The steps by which more of an option is exported.
_NOT, _BRIEF, _FULL, _ALL = range(4)
_ROUNDS = 12
_OPTIONS_OF = {group.tag: name for name, group in LISTS.items()}
#: What stands for itself also where the engine takes it for a choice of the host.
_CHOSEN_BY_HOST = (
    ("graphics", "gl.rendernode"),
    ("boot", "firmware.feature[].enabled"),
    ("boot", "firmware.feature[].name"),
    ("boot", "loader.secure"),
    ("boot", "loader.stateless"),
)
#: What guests often get more of, with the names that the documentation uses.
_PLURAL = {"disk": "disks", "network": "networks"}
#: What is exported before anything is compared: a guest is known by it, or it has nothing by default.
_ALWAYS = ("memory", "vcpus", "disk", "network", "graphics")


@dataclasses.dataclass(frozen=True)
class Exported:
    """The options of a domain.

    * ``options``: as an entry of ``domains`` has them, without ``autostart``.
    * ``form``: how they describe it: ``options``, ``xpath`` where some of it by XPath, or ``xml``.
    * ``hidden``: the secrets that were left out.
    * ``reason``: why it is XML, for the developers' tests.
    * ``trials``: how often the domain was built.
    """

    options: dict[str, t.Any]
    form: str
    hidden: tuple[Hidden, ...] = ()
    reason: str = ""
    trials: int = 0


def exported(
    host: Host,
    definition: Element,
    keep: t.Collection[str],
    is_valid: t.Callable[[str], bool] = lambda _text: True,
    machine_of: t.Callable[[Element], t.Callable[[Element], bool]] = lambda _definition: (
        lambda _made: True
    ),
) -> Exported:
    """The options of the domain with this definition, which has its secrets.

    ``keep`` has what stays as it is although it would be drawn anew: see :data:`KEEPS`. ``is_valid``
    tells whether libvirt's schema allows a document. ``machine_of`` gives for the definition what compares
    a document that would be made with it, by what the hypervisor makes of both: what libvirt chooses
    by itself it may choose otherwise today.
    """
    definition = apart(definition)
    visible, hidden = without_secrets(definition)
    visible = apart(visible)
    # libvirt accepts, and writes, what its own schema doesn't allow.
    unchecked = not is_valid(serialise(visible))
    more: dict[str, t.Any] = {"validate": False} if unchecked else {}
    proof = Proof(host, definition, visible, (lambda _text: True) if unchecked else is_valid)
    is_same = machine_of(visible)
    reason = ""
    try:
        search = _Search(host, visible, frozenset(keep), proof)
        for is_full in (False, True):
            draft = _proven(search, proof, is_full, is_same)
            if draft is not None and is_same(proof.made(draft.options())):
                form = "xpath" if _has_xpath(draft) else "options"
                options = {**_named(draft.options()), **more}
                return Exported(options, form, hidden, trials=proof.count)
        reason = "what is made of all options together is another domain"
    except (Undescribed, Unsayable, OptionError) as error:
        reason = str(error) or type(error).__name__
    name, text = visible.value("name"), serialise(_kept_of(visible, keep))
    return Exported({"name": name, "xml": text, **more}, "xml", hidden, reason, proof.count)


def _proven(
    search: _Search,
    proof: Proof,
    is_full: bool,
    is_same: t.Callable[[Element], bool],
) -> Draft | None:
    """Options that are proven, without what isn't needed; ``None`` where none are.

    ``is_full``: with what the hypervisor would choose otherwise.
    """
    whole = search.found(is_full)

    def is_kept(draft: Draft) -> bool:
        return search.holds(draft) and is_same(proof.made(draft.options()))

    if is_full and not is_kept(whole):
        return None
    draft = shortened(whole, is_kept if is_full else search.holds)
    if not proof.is_proven(draft.options()):
        draft = shortened(whole, lambda tried: proof.is_proven(tried.options()))
    return draft if proof.is_proven(draft.options()) else None


def _has_xpath(draft: Draft) -> bool:
    return bool(draft.xpath or draft.metadata) or any(
        key[0].startswith("xpath")
        for values in draft.values.values()
        for settings in values
        for key in settings
    )


def _named(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options by the names that they have in modules: lists that grow by their plural."""
    found = {}
    for name, value in options.items():
        if name in _PLURAL and isinstance(value, list):
            found[_PLURAL[name]] = value
            continue
        alone = value[0] if isinstance(value, list) and len(value) == 1 else value
        found["xpath" if name == "xml" else name] = alone
    return found


def _kept_of(document: Element, keep: t.Collection[str]) -> Element:
    """The document without what is to be drawn anew."""
    children = []
    for child in document.children:
        if child.tag == "uuid" and UUID not in keep:
            continue
        if child.tag == "devices" and MAC not in keep:
            devices = [
                device.replaced(children=[part for part in device.children if part.tag != "mac"])
                if device.tag == "interface"
                else device
                for device in child.children
            ]
            child = child.replaced(children=devices)
        children.append(child)
    return document.replaced(children=children)


class Undescribed(Exception):
    """No options were found that describe the domain."""


class _Search:
    def __init__(self, host: Host, document: Element, keep: frozenset[str], proof: Proof) -> None:
        self._host = host
        self._document = document
        self._keep = keep
        self._proof = proof
        self._levels: dict[str, int] = collections.defaultdict(int)
        self._banned: set[tuple[str, str]] = set()
        self._osinfo = self._known_system()
        self._metadata = of_applications(document)

    def found(self, is_full: bool = False) -> Draft:
        """Options that describe the domain, with more than is needed.

        ``is_full``: with all that options can say.

        :raises Undescribed, Unsayable: there are none.
        """
        for name in _ALWAYS:
            self._levels[name] = _BRIEF
        if is_full:
            for name, group in GROUPS.items():
                if elements_of(group, self._document):
                    self._levels[name] = _FULL
            return self._settled()
        if ADDRESSES in self._keep:
            for name, group in LISTS.items():
                if elements_of(group, self._document):
                    self._levels[name] = _FULL
        return self._with_short_words(self._settled())

    def holds(self, draft: Draft) -> bool:
        """Whether the domain would be made from these options."""
        return self._proof.is_made(draft.options())

    def _settled(self) -> Draft:
        """A draft with more and more of the document, until nothing is different."""
        draft = self._draft()
        for _round in range(_ROUNDS):
            changes = self._changes(draft)
            if changes is None:
                draft = self._draft()
                continue
            if not changes:
                return draft
            if not self._raised(changes):
                break
            draft = self._draft()
        for _round in range(3):
            changes = self._changes(draft)
            if not changes:
                break
            draft = draft.copied()
            add_steps(draft, changes, _OPTIONS_OF, ADDRESSES in self._keep)
        changes = self._changes(draft)
        if changes or changes is None:
            raise Undescribed("; ".join(change.path for change in changes or ())[:300])
        return draft

    def _changes(self, draft: Draft) -> tuple[Change, ...] | None:
        """What is different; ``None`` where an option had to be given up."""
        try:
            return self._proof.changes(draft.options())
        except OptionError as error:
            if not self._given_up(draft):
                raise Undescribed(str(error)) from None
            return None

    def _given_up(self, draft: Draft) -> bool:
        """Whether a sub-option or an option was found that can't be used, and is left out."""
        for name in [*draft.values]:
            columns = dict.fromkeys(key[0] for each in draft.values[name] for key in each)
            for column in columns:
                copy = draft.copied()
                for settings in copy.values[name]:
                    for key in [key for key in settings if key[0] == column]:
                        del settings[key]
                if self._can_be_built(copy):
                    self._banned.add((name, column))
                    return True
            copy = draft.copied()
            del copy.values[name]
            if self._can_be_built(copy):
                self._banned.add((name, ""))
                return True
        return False

    def _can_be_built(self, draft: Draft) -> bool:
        try:
            self._proof.changes(draft.options())
        except OptionError:
            return False
        return True

    def _raised(self, changes: t.Iterable[Change]) -> bool:
        """Whether more of an option can be exported, of those that something is different in."""
        is_raised = False
        for change in changes:
            path = "" if change.location is None else change.location.path
            group = group_of(path)
            if group is None or self._levels[group.name] >= _FULL:
                continue
            if (group.name, "") in self._banned:
                continue
            self._levels[group.name] += 1
            is_raised = True
        return is_raised

    def _draft(self) -> Draft:
        document, kept = self._document, {"name"}
        draft = Draft(metadata=self._metadata)
        for option, place in TEXTS.items():
            value = document.value(place)
            if value and option not in ("uuid",):
                draft.texts[option] = value
        uuid = document.value("uuid")
        if UUID in self._keep and uuid:
            draft.texts["uuid"] = uuid
            kept.add("uuid")
        if MACHINE in self._keep or not self._is_newest_machine():
            kept.add("machine")
        if document.value("description"):
            kept.add("description")
        if self._osinfo is not None:
            draft.texts["osinfo"] = self._osinfo
        if host_element(document) is not None:
            host = tags_and_vars(document)
            parts = {"tags": list(host.tags), "vars": dict(host.variables)}
            draft.texts["ansible"] = {name: part for name, part in parts.items() if part}
        for name, group in GROUPS.items():
            level = self._levels[name]
            if level == _NOT or (name, "") in self._banned or name == "xml":
                continue
            self._read(draft, group, level)
        draft.kept = frozenset(
            [
                *kept,
                *([("network", "mac")] if MAC in self._keep else []),
                *_CHOSEN_BY_HOST,
                *(
                    (name, option.name)
                    for name, group in LISTS.items()
                    for option in group.options
                    if ADDRESSES in self._keep and option.name.startswith("address.")
                ),
            ]
        )
        return draft

    def _read(self, draft: Draft, group: Group, level: int) -> None:
        elements = elements_of(group, self._document)
        if not elements and group.name in ("features",):
            elements = [Element(group.tag)]
        if not elements:
            if group.is_device and group.none is Nothing.UNWANTED:
                draft.values[group.name] = []
            return
        values = []
        for element in elements:
            settings = {
                key: value
                for key, value in read(group, self._document, element, level >= _FULL).items()
                if (group.name, key[0]) not in self._banned
                and (MAC in self._keep or (group.name, key[0]) != ("network", "mac"))
            }
            values.append(settings)
        if group.is_list:
            draft.values[group.name] = values
        elif values[0]:
            draft.values[group.name] = values[:1]

    def _with_short_words(self, draft: Draft) -> Draft:
        """The draft with words that stand for more, where they mean the same here."""
        changes = [_uefi, _root_ports]
        if "machine" not in draft.kept:
            changes.append(_alias_of_machine)
        for change in changes:
            copy = draft.copied()
            if change(copy) and self.holds(copy):
                draft = copy
        return draft

    def _is_newest_machine(self) -> bool:
        """Whether a new domain of this kind of machine would get the same version."""
        of = self._document.value
        machine = of("os/type/@machine")
        try:
            choice = self._host.capabilities.choose(
                of("os/type"), of("os/type/@arch"), of("@type"), machine
            )
        except OptionError:
            return False
        return machine in choice.aliases.values() or not _is_versioned(machine or "")

    def _known_system(self) -> str | None:
        """The short id of the operating system in the metadata, if the database knows it."""
        identifier = os_of(self._document)
        if identifier is None:
            return None
        try:
            return str(self._host.osinfo.find(identifier).short_id)
        # The database may be missing, or older than the domain.
        except Exception:
            return None


#: Aliases of machine types, and what the names begin with that they stand for.
_ALIASES = {"q35": "pc-q35-", "pc": "pc-i440fx-", "virt": "virt-"}


def _is_versioned(machine: str) -> bool:
    """Whether a machine type has a version, such as ``pseries-7.2``."""
    return machine[-1:].isdigit() and "-" in machine and "." in machine


def _alias_of_machine(draft: Draft) -> bool:
    machine = draft.texts.get("machine") or ""
    for alias, start in _ALIASES.items():
        if machine.startswith(start):
            draft.texts["machine"] = alias
            return True
    return False


def _root_ports(draft: Draft) -> bool:
    """The number of PCI Express ports instead of a list of all PCI controllers."""
    values = draft.values.get("controller") or []
    ports = [each for each in values if each.get(("model", ())) == "pcie-root-port"]
    if not ports:
        return False
    others = [each for each in values if each.get(("type", ())) != "pci"]
    draft.values["controller"] = [{("num_pcie_root_ports", ()): len(ports)}, *others]
    return True


def _uefi(draft: Draft) -> bool:
    values = draft.values.get("boot")
    if not values or not any(key[0] in ("firmware", "loader") for key in values[0]):
        return False
    names = {key[0] for key in values[0]}
    has_loader = "loader" in names
    if any(
        name.startswith("firmware.feature") or (name.startswith("loader.") and not has_loader)
        for name in names
    ):
        # libvirt chooses the files by them.
        return False
    left = {
        key: value
        for key, value in values[0].items()
        if not key[0].startswith(("firmware", "loader", "nvram"))
    }
    draft.values["boot"] = [{**left, ("uefi", ()): True}]
    return True
