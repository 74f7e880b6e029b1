# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether options describe a domain: for a host without it, and for the one that has it."""

from __future__ import annotations

import typing as t

from ..._choices import EXACT, MERGE
from ..._reconcile.plan import Change
from ..._reconcile.reconcile import reconcile
from ..._rules.domain.anew import ANEW
from ..._rules.domain.book import DOMAIN
from ..._xmltree.element import Element
from ..._xmltree.parse import parse
from ..._xmltree.serialise import serialise
from ..defaults import domain_defaults
from ..errors import OptionError
from ..existing import domain_options
from ..host import Host


class Proof:
    """The two comparisons, by the engine that the modules use.

    ``actual`` is the domain's definition, and ``visible`` the same without secrets. ``is_valid`` tells
    whether libvirt's schema allows a document.
    """

    def __init__(
        self,
        host: Host,
        actual: Element,
        visible: Element,
        is_valid: t.Callable[[str], bool] = lambda _text: True,
    ) -> None:
        self._host = host
        self._is_valid = is_valid
        self._actual = actual
        self._visible = visible
        #: How often a domain was built.
        self.count = 0

    def changes(self, options: t.Mapping[str, t.Any]) -> tuple[Change, ...]:
        """The changes by which the domain would become what is made from the options alone.

        They are what is different on a host that doesn't have the domain.

        :raises OptionError: nothing can be made from them.
        """
        self.count += 1
        result = domain_defaults(self._host, options)
        if result.volumes:
            raise OptionError("a volume would be made for a disk, which has one")
        # As libvirt gets it: an application's element is read from the text.
        document = parse(serialise(result.domain))
        return reconcile(document, self._visible, ANEW, EXACT).changes

    def made(self, options: t.Mapping[str, t.Any]) -> Element:
        """The document that is made from options.

        :raises OptionError: none can be made.
        """
        return domain_defaults(self._host, options).domain

    def makes_valid(self, options: t.Mapping[str, t.Any]) -> bool:
        """Whether what is made from options is valid."""
        return self._is_valid(serialise(self.made(options)))

    def is_proven(self, options: t.Mapping[str, t.Any]) -> bool:
        """Whether all of it holds."""
        return self.is_made(options) and self.is_unchanged(options) and self.makes_valid(options)

    def is_made(self, options: t.Mapping[str, t.Any]) -> bool:
        """Whether the domain would be made like that on a host that doesn't have it."""
        try:
            return not self.changes(options)
        except OptionError:
            return False

    def is_unchanged(self, options: t.Mapping[str, t.Any]) -> bool:
        """Whether the domain is as the options say, where it exists."""
        try:
            result = domain_options(self._host, options, self._actual, (), None)
        except OptionError:
            return False
        taken = result.taken(self._actual)
        plan = reconcile(result.domain, self._actual, DOMAIN, MERGE, taken=taken)
        return not (plan.changes or result.volumes)
