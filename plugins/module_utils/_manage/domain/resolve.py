# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a request for a domain comes to on a host: its document, and how that is enforced."""

from __future__ import annotations

import functools
import types
import typing as t

from ..._choices import ABSENT, EXACT, MERGE
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.objects import as_uuid
from ..._virtinst.defaults import Result, domain_defaults
from ..._virtinst.existing import domain_options
from ..._virtinst.first_boot import without_seeds
from ..._virtinst.host import Host
from ..._virtinst.overlays import DomainDisks, Images, of_documents
from ..._virtinst.storage import images_of
from ..._xmltree.element import Element
from ..document import load
from ..errors import TaskError
from ..outcome import CONFIG
from .install import is_unfinished
from .request import Request


class Resolved(t.NamedTuple):
    """A request, resolved on a host.

    ``result`` is ``None`` for a domain that is to be absent. ``mode`` is how its document is
    enforced. ``definition`` is that of the existing domain that it was resolved by, ``None``
    where there is none, and ``images`` has the targets of the disks in it, by their paths.
    """

    request: Request
    result: Result | None
    mode: str
    definition: str | None
    images: t.Mapping[str, str] = types.MappingProxyType({})

    @property
    def is_new(self) -> bool:
        """Whether the domain doesn't exist yet."""
        return self.definition is None


def resolve(
    domains: Domains,
    host: t.Callable[[], Host],
    request: Request,
    known: t.Callable[[], Result | None] = lambda: None,
) -> Resolved:
    """Resolve a request on this host, for this domain.

    ``known`` gives what that comes to for a new domain, where it is known from another one.
    """
    if request.state == ABSENT:
        return Resolved(request, None, MERGE, None)
    existing = domains.find(request.name)
    if existing is None:
        if as_uuid(request.name) is not None:
            raise TaskError(
                "no domain has this UUID; give the name of the domain that is to be made"
            )
        if CONFIG not in request.affect:
            raise TaskError("it does not exist; add config to affect to define it")
        return Resolved(request, known() or _whole(host, request, request.name), EXACT, None)
    request = request._replace(name=existing.name)
    definition, actual = existing.definition(), existing.document()
    images = images_of(actual.findall("devices/disk"))
    disks = of_documents(actual, None, functools.partial(_images, existing))
    # A guest that runs its installer without a definition is to get all of it.
    is_whole = is_unfinished(existing)
    if request.mode == EXACT or is_whole or request.text is not None:
        mode = MERGE if request.text is not None and not is_whole else EXACT
        mode = EXACT if request.mode == EXACT else mode
        if is_whole:
            # What a guest in its first boot has in its drive is no part of its definition.
            actual = without_seeds(actual)
        whole = _whole(host, request, existing.name, actual, disks)
        return Resolved(request, whole, mode, definition, images)
    options = {**request.options, "name": existing.name}
    result = domain_options(host(), options, actual, request.exclusive, disks)
    return Resolved(request, result, MERGE, definition, images)


def _whole(
    host: t.Callable[[], Host],
    request: Request,
    name: str,
    actual: Element | None = None,
    disks: DomainDisks | None = None,
) -> Result:
    """The given document, or the document that is made from options and defaults."""
    if request.text is not None:
        return Result(load(request.text, "domain"), None, (), "", ())
    return domain_defaults(host(), {**request.options, "name": name}, actual, disks)


def _images(domain: Domain) -> Images:
    """What is known of the images of a domain's disks, but for what the guest alone knows."""
    # Ansible compiles a module's code anew in each task, and this is seldom needed.
    from ..._hypervisor.disk_images import DomainImages

    return DomainImages(domain, None)
