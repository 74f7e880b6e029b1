# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a whole domain as requested, and waiting for it."""

from __future__ import annotations

import contextlib
import functools
import typing as t

from ..._choices import ABSENT, RUNNING
from ..._hypervisor import power
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.host_storage import HostStorage
from ..._hypervisor.networks import Networks
from ..._hypervisor.volume_creation import Pools
from ..._reconcile.domain.fingerprint import Proven
from ..._reconcile.redact import redacted
from ..._rules.domain.book import DOMAIN
from ..._virtinst.defaults import Result
from ..._virtinst.host import Host
from ..._xmltree.element import Element
from ..._xmltree.serialise import Written, serialise, written
from ..errors import TaskError
from ..memory import NOTHING, Memory
from ..outcome import LIVE, Action, Outcome
from ..validation import Validation
from .install import is_installing
from .option_problems import explained
from .resolve import Resolved
from .run import Run, read_again
from .storage import DomainStorage
from .wait import INSTALLED, IP, wait_for

_NO_RESULT = Result(Element("domain"), None, (), "", ())


class Parts(t.Protocol):
    """What is known of the parts that many documents share, as :class:`.SharedParts` has it.

    A task on one domain is sent without that.
    """

    def written(self, document: Element) -> Written:
        """The document as text."""
        raise NotImplementedError

    def redacted(self, document: Element) -> Element:
        """The document without its secrets."""
        raise NotImplementedError


class DomainTask:
    """The work on one domain, foreseen or done by the same steps.

    ``pools`` are those that the work on other domains uses as well, ``alike`` has what was
    found out by it, and what ``start_slot`` gives is entered to start or stop a guest.
    ``asks_libvirt``: check mode asks libvirt whether it would define the document. ``memory`` has
    what libvirt made of documents, and ``parts`` are what many documents share.

    :raises TaskError: what is wanted of its storage can't be.
    """

    def __init__(
        self,
        domains: Domains,
        host: t.Callable[[], Host],
        resolved: Resolved,
        pools: Pools | None = None,
        alike: Proven | None = None,
        start_slot: t.Callable[[], t.ContextManager[t.Any]] = contextlib.nullcontext,
        networks: Networks | None = None,
        asks_libvirt: bool = False,
        memory: Memory = NOTHING,
        parts: Parts | None = None,
    ) -> None:
        self._parts = parts
        self.resolved = resolved
        self.alike = alike
        self.start_slot = start_slot
        self.asks_libvirt = asks_libvirt
        self.memory = memory
        self._host = host
        self.networks = networks or Networks(domains.connection)
        self.request = resolved.request
        self.result = resolved.result or _NO_RESULT
        result = self.result
        has_storage = result.sizes or result.volumes or result.bases or result.moves
        facts = host().storage if has_storage else None
        self.volumes = DomainStorage(
            domains.connection,
            pools,
            facts,
            self.result,
            resolved.images,
            self.request.recreate_missing,
            self.request.name,
            installs=self.request.state == RUNNING,
        )
        self._validations: dict[int, Validation] = {}

    def carried_out(
        self, domains: Domains, check_mode: bool, known: Domains | None = None
    ) -> Outcome:
        """Make the domain as it is wanted, or foresee what that would do.

        ``known`` has the domains that there were.

        :raises TaskError, HypervisorError, SchemaError, OptionError: it can't be, or could be
            in part only; the message says so.
        """
        request = self.request
        if request.state == ABSENT:
            # With what finds the users of files, of which no other state has need.
            from .absent import AbsentRequest, ensure_absent

            absent_request = AbsentRequest(
                request.name, request.keep, request.remove_volumes, request.shutdown
            )
            with self.start_slot():
                return ensure_absent(domains, absent_request, check_mode)
        return Run(self, domains, check_mode, known).done()

    def storage_asked(self) -> list[tuple[str, str]]:
        """What the options have asked of the host's storage; see :class:`.HostStorage`."""
        if self.request.text is not None or self.request.state == ABSENT:
            return []
        storage = self._host().storage
        return list(storage.asked) if isinstance(storage, HostStorage) else []

    def waited(self, domains: Domains, outcome: Outcome) -> Outcome:
        """Wait for what the request waits for; check mode doesn't.

        :raises TaskError: it isn't so when the time is over.
        """
        wait = self.request.wait
        domain = domains.fresh().by_name(outcome.facts.name) if wait is not None else None
        if wait is None or domain is None or self.request.state == ABSENT:
            return outcome
        try:
            if wait.what == INSTALLED:
                return self._installed(domain, wait.timeout, outcome)
            addresses = wait_for(domain, wait)
        except (HypervisorError, TaskError) as error:
            raise TaskError(
                f"{'it is as wanted, but ' if outcome.changed else ''}{error}",
                changed=outcome.changed,
            ) from error
        if wait.what == IP:
            outcome = outcome._replace(addresses=addresses)
        return read_again(domain, outcome)

    def _installed(self, domain: Domain, timeout: float, outcome: Outcome) -> Outcome:
        is_off = not domain.facts().active
        if self.request.state != RUNNING or not (is_off or is_installing(domain)):
            return outcome
        # One that is off has ended since its state was looked at.
        if not is_off and not power.ends(domain, timeout):
            raise TaskError(
                f"its installation has not ended within {timeout:g} s; the guest goes on; run the "
                "task again to wait longer, or set wait.timeout"
            )
        power.start(domain)
        action = Action("state", "installing", "running", LIVE)
        return read_again(domain, outcome._replace(actions=(*outcome.actions, action)))

    def validation(self, domains: Domains, document: Element) -> Validation:
        """The check of a document, the same one for the same document."""
        found = self._validations.get(id(document))
        if found is None:
            source = functools.partial(self._source, document)
            found = Validation(
                domains.connection,
                "domain",
                self.request.validate,
                source,
                self.alike,
                None
                if self.request.text is not None
                else functools.partial(explained, self.request.options),
            )
            self._validations[id(document)] = found
        return found

    @functools.cached_property
    def written(self) -> Written:
        """The document of the domain as text."""
        document = self.result.domain
        return written(document) if self._parts is None else self._parts.written(document)

    @functools.cached_property
    def _shown(self) -> Element:
        document = self.result.domain
        if self._parts is None:
            return redacted(document, DOMAIN.top)
        return self._parts.redacted(document)

    def shown(self) -> Element:
        """The document of the domain without its secrets."""
        return self._shown

    def _source(self, document: Element) -> str:
        if self.request.text is not None:
            return self.request.text
        return self.written.text if document is self.result.domain else serialise(document)
