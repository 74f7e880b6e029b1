# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains with one element of a kind, made by libvirt alone and by the collection."""

from __future__ import annotations

import functools
import os
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import host as facts
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.stopping import (
    Shutdown,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain import (
    device as domain_device,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.outcome import Outcome
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from tests.corpus.host import Host

from . import seeds
from .kinds import Kind
from .samples import context_of

NAME = f"pairs-{os.getpid()}"
_HEAD = f"<name>{NAME}</name><memory>131072</memory>"
_OS = "<os><type arch='x86_64' machine='q35'>hvm</type></os>"
#: What is the same device's all the same.
_FREE = ("address", "alias")


class Refused(Exception):
    """Something was refused; the message says why."""


class Bench:
    """A private libvirt, and one domain on it."""

    def __init__(self) -> None:
        self.host = Host()
        known = facts.host_facts
        # The host doesn't change meanwhile.
        facts.host_facts = functools.lru_cache(maxsize=1)(known)

    # Documents.

    def document(self, top: str, element: Element) -> str:
        """The document of a domain that has the element."""
        context = context_of(top).replace("{}", serialise(element, indent=None))
        head = _HEAD if top == "os" else _HEAD + _OS
        return f"<domain type='qemu'>{head}{context}</domain>"

    def fragment(self, top: str, element: Element) -> str:
        """A document that says the element alone."""
        text = serialise(element, indent=None)
        inner = f"<devices>{text}</devices>" if top.startswith("devices/") else text
        return f"<domain><name>{NAME}</name>{inner}</domain>"

    # What libvirt does.

    def define(self, top: str, element: Element) -> str:
        """The definition of a domain with the element.

        :raises Refused: libvirt doesn't take it.
        """
        self.host.remove(NAME)
        try:
            self.host.define(self.document(top, element))
        except libvirt.libvirtError as error:
            raise Refused(_words(error.get_error_message())) from None
        return str(self.host.definition(NAME))

    def starts(self) -> str | None:
        """Why the guest can't be started; it is off again."""
        try:
            self.host.start_paused(NAME)
        except libvirt.libvirtError as error:
            return _words(error.get_error_message())
        self.host.raw.lookupByName(NAME).destroy()
        return None

    # What the collection does.

    def merge(self, top: str, element: Element, check_mode: bool = False) -> Outcome:
        """domain_xml with mode: merge.

        :raises Refused: it is refused.
        """
        try:
            outcome: Outcome = self.host.task(self.fragment(top, element), "merge", check_mode)
        except ExpectedError as error:
            raise Refused(_words(str(error))) from None
        return outcome

    def device(self, element: Element, match: dict[str, str], check_mode: bool = False) -> Outcome:
        """domain_device with xml and match.

        :raises Refused: it is refused.
        """
        request = domain_device.Request(
            domain=NAME,
            xml=element,
            option="",
            value=None,
            match=match,
            state="present",
            mode="merge",
            affect=frozenset({"config", "live"}),
            restart="never",
            shutdown=Shutdown(),
            live_timeout=5,
            replug="safe",
            validate=False,
            removes_volume=False,
        )
        try:
            return domain_device.ensure(Domains(self.host.connection), request, check_mode)[0]
        except ExpectedError as error:
            raise Refused(_words(str(error))) from None

    # Seeds.

    def largest(self, kind: Kind, value: str) -> Element:
        """The element of a kind with all of its parts that libvirt takes together."""
        paths: dict[str, str | None] = {kind.decider: value}
        best = seeds.smallest(kind.top, seeds.needed(paths))
        assert best is not None
        for path in seeds.all_parts(kind.top, seeds.needed(paths)):
            if path in paths or path.split("/")[0] in _FREE:
                continue
            more = seeds.smallest(kind.top, seeds.needed({**paths, path: None}))
            if more is None:
                continue
            try:
                kept = self.define(kind.top, more)
            except Refused:
                continue
            found = elements(kept, kind.top)
            if found and found[-1].value(kind.decider) == value:
                paths[path], best = None, more
        return best


def elements(text: str, top: str) -> list[Element]:
    """The elements at a place of a definition, in the order of the document."""
    return parse(text, "domain").findall(top)


def plain(element: Element) -> str:
    """The element without what may be carried over."""
    return serialise(_plain(element), indent=None)


def _plain(element: Element) -> Element:
    free = (*_FREE, "target") if element.tag == "controller" else _FREE
    children = [_plain(one) for one in element.children if one.tag not in free]
    copy = Element(element.tag, dict(sorted(element.attributes.items())), element.text, children)
    copy.children.sort(key=lambda one: one.tag)
    return copy


def _words(message: t.Any) -> str:
    return " ".join(str(message).split())
