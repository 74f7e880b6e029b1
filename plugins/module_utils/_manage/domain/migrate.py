# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moving a domain to another host, once.

The domain is known by its UUID on both hosts. Before anything is done, a note in its metadata says
what will be made for it at the destination; it travels with the domain. So each later run knows
what an interrupted one has left, wherever the domain is then.
"""

from __future__ import annotations

import typing as t

from ..._errors import ExpectedError
from ..._hypervisor import migration as calls
from ..._hypervisor.definition_lock import DefinitionLock
from ..._hypervisor.domains import Domain, Domains
from ..._hypervisor.errors import HypervisorError
from ..._hypervisor.events import wait
from ..._hypervisor.migrated_volumes import MigratedVolumes
from ..._hypervisor.migration_facts import (
    guest_of,
    host_for,
    host_name,
    host_uuid,
    kept_of,
    own_volumes,
    presence,
)
from ..._hypervisor.objects import Facts
from ..._hypervisor.power import set_autostart, switch_off
from ..._rules.migration.note import note_of
from ..._rules.migration.situation import (
    ABSENT,
    ACTIVE,
    ARRIVED,
    BOTH,
    FAILED,
    LEFT,
    NOWHERE,
    OFF,
    TWICE,
    Presence,
    is_half,
    is_leftover,
    is_postcopy,
    situation,
    words_of_both,
    words_of_half,
)
from ..errors import TaskError
from ..outcome import CONFIG, LIVE, Action, Outcome
from .migrate_plan import NONE_KEEPS_IT, MigrationPlan, MigrationRequest, copied_of, planned

#: The longest time that another task may take to move the domain, in seconds.
_LONGEST = 24 * 3600.0
#: How long libvirt may take to tidy up after a failure, in seconds.
_TIDY = 30.0
_SOURCE, _SOURCE_AUTOSTART = "definition at the source", "autostart at the source"


class Moved(t.NamedTuple):
    """What was done, or would be. ``statistics`` are libvirt's of the migration, or empty."""

    outcome: Outcome
    source: str
    destination: str
    statistics: t.Mapping[str, t.Any]


class MigrationTask:
    """The task of one request."""

    def __init__(
        self, source: Domains, destination: Domains, request: MigrationRequest, check_mode: bool
    ) -> None:
        self._source = source
        self._destination = destination
        self._request = request
        self._check_mode = check_mode
        self._actions: list[Action] = []
        self._notes: list[str] = []
        self._names = (host_name(source.connection), host_name(destination.connection))
        self._statistics: t.Mapping[str, t.Any] = {}

    def run(self) -> Moved:
        """Have the domain at the destination.

        :raises TaskError, HypervisorError: it can't be moved; it is where it was, or the message
            says where.
        """
        with DefinitionLock("migration", _LONGEST, "moving the same domain") as lock:
            if not self._check_mode:
                lock.acquire(f"{self._source.connection.uri} {self._request.domain}")
            facts = self._done()
        outcome = Outcome(
            facts, actions=tuple(self._actions), notes=tuple(self._notes), beside="migration"
        )
        return Moved(outcome, *self._names, self._statistics)

    def _done(self) -> Facts:
        here = self._source.find(self._request.domain)
        there = (
            self._destination.find(self._request.domain)
            if here is None
            else self._destination.by_uuid(here.uuid)
        )
        if here is None and there is None:
            raise TaskError(
                f"domain: there is no domain '{self._request.domain}', neither on {self._names[0]} nor on "
                f"{self._names[1]}; define it first"
            )
        if here is None:
            return self._settled(t.cast(Domain, there), None)
        if there is None or self._is_same_host():
            # Of one host, the preliminary checks say so.
            return self._moved(here, None)
        at_source, at_destination = presence(here), presence(there)
        found = situation(at_source, at_destination)
        if found in (LEFT, TWICE):
            return self._finished(here, there, found)
        if found == BOTH and is_leftover(at_source, at_destination):
            self._notes.append(
                f"an interrupted migration has left a guest on {self._names[1]} that never ran; it is removed"
            )
            if self._check_mode:
                return self._moved(here, None)
            switch_off(there)
            return self._moved(here, self._destination.fresh().by_uuid(here.uuid))
        if found == BOTH:
            return self._resumed(here, at_source, at_destination)
        return self._moved(here, there)

    def _is_same_host(self) -> bool:
        return host_uuid(self._source.connection) == host_uuid(self._destination.connection)

    # At the destination already.

    def _settled(self, there: Domain, source_autostart: bool | None) -> Facts:
        """Do what an interrupted run has left to do there, and what the task asks for."""
        facts = there.facts()
        note = note_of(there.document())
        wished = self._request.autostart
        if wished is None:
            wished = note.autostart if note is not None else source_autostart
        is_persistent = facts.persistent
        if self._request.is_persistent and not facts.persistent:
            self._actions.append(Action.switched("persistent", True, CONFIG))
            is_persistent = True
            if not self._check_mode:
                calls.make_persistent(there)
        is_switched = is_persistent and wished is not None and wished != facts.autostart
        if is_switched:
            self._actions.append(Action.switched("autostart", bool(wished), CONFIG))
            if not self._check_mode:
                set_autostart(there, bool(wished))
        if note is not None:
            self._actions.append(Action("note of the migration", "there", None, CONFIG))
            if not self._check_mode:
                calls.write_note(there, None, facts.active)
        if self._check_mode:
            autostart = bool(wished) if is_switched else facts.autostart
            return facts._replace(persistent=is_persistent, autostart=autostart)
        return there.facts_now()

    def _finished(self, here: Domain, there: Domain, found: str) -> Facts:
        """Both hosts define the domain, and it doesn't run at the source."""
        source, destination = self._names
        if self._request.keep_source:
            facts = self._settled(there, here.facts().autostart or None)
            if found == LEFT and here.facts().autostart:
                self._actions.append(Action(_SOURCE_AUTOSTART, "yes", "no", CONFIG))
                if not self._check_mode:
                    set_autostart(here, False)
            return facts
        if found == TWICE:
            raise TaskError(
                f"domain: {source} and {destination} both define it, and it is off on both, so that it is unknown which has "
                f"the newer disks; remove the older definition, as domain_xml does with state: absent, or set keep_source: "
                "true if both are to stay"
            )
        self._check_left(here, there)
        facts = self._settled(there, here.facts().autostart or None)
        self._actions.append(Action(_SOURCE, "there", None, CONFIG))
        if not self._check_mode:
            calls.undefine_stale(here)
        return facts

    def _check_left(self, here: Domain, there: Domain) -> None:
        """:raises TaskError: the definition at the source has to stay."""
        source, destination = self._names
        if not self._request.is_persistent and not there.facts().persistent:
            raise TaskError(NONE_KEEPS_IT)
        kept = kept_of(here)
        if kept:
            raise TaskError(
                f"domain: it runs on {destination}, and {source} has its definition with {' and '.join(kept)}; remove that "
                f"from {source} if nobody needs it, or set keep_source: true"
            )

    def _resumed(self, here: Domain, source: Presence, destination: Presence) -> Facts:
        """It is active on both hosts: a post-copy migration that stands still can go on."""
        if not (self._request.is_postcopy and is_postcopy(source, destination)):
            raise TaskError(f"domain: {words_of_both(source, destination, *self._names)}")
        self._actions.append(Action("host", *self._names, LIVE))
        facts = here.facts()
        if self._check_mode:
            # libvirt before 8.5 pauses the guest there, because the migration has failed.
            state = "running" if destination.reason == FAILED else destination.state
            persistent = self._request.is_persistent
            return facts._replace(id=None, state=state, persistent=persistent)
        journey = calls.Journey(
            is_live=True,
            is_peer_to_peer=self._request.is_peer_to_peer,
            is_persistent=self._request.is_persistent,
            is_source_undefined=not self._request.keep_source and facts.persistent,
            is_postcopy=True,
            is_resumed=True,
            migrate_uri=self._request.migrate_uri,
            parallel=self._request.parallel,
            bandwidth=self._request.bandwidth,
        )
        calls.migrate(here, self._destination.connection, self._uri(), journey)
        return self._after(facts)

    # The migration.

    def _moved(self, here: Domain, there: Domain | None) -> Facts:
        facts, guest = here.facts(), guest_of(here)
        host = host_for(self._destination.connection, guest)
        note = note_of(here.document()) or note_of(guest.document)
        own: tuple[str, ...] = ()
        if note is not None and note.destination == host.uuid and there is None:
            own = own_volumes(self._destination.connection, note, copied_of(self._request, guest))
        autostart = facts.autostart if self._request.autostart is None else self._request.autostart
        if note is not None and self._request.autostart is None:
            autostart = note.autostart or autostart
        autostart = autostart and self._request.is_persistent
        plan = planned(self._request, guest, host, own, autostart, facts.persistent)
        self._actions += plan.actions()
        if autostart != facts.autostart and self._request.autostart is not None:
            self._actions.append(Action.switched("autostart", autostart, CONFIG))
        is_left = self._request.keep_source and facts.persistent
        if is_left and facts.autostart:
            self._actions.append(Action(_SOURCE_AUTOSTART, "yes", "no", CONFIG))
        if self._check_mode:
            return facts._replace(
                id=None, persistent=self._request.is_persistent, autostart=autostart
            )
        self._carry_out(here, there, plan, own)
        if is_left and facts.autostart:
            # Otherwise the next start of that host would start the guest a second time.
            set_autostart(here, False)
        if is_left and note_of(here.fresh().document()) is not None:
            calls.write_note(here, None, False)
        return self._after(facts)

    def _carry_out(
        self, here: Domain, there: Domain | None, plan: MigrationPlan, own: t.Sequence[str]
    ) -> None:
        """Make the volumes, and migrate.

        :raises TaskError: it failed.
        """
        volumes = MigratedVolumes(self._source.connection, self._destination.connection)
        is_active = plan.guest.is_active
        try:
            _check_removed(volumes.remove(own))
            if plan.is_noted:
                calls.write_note(here, plan.note, is_active)
            elif note_of(here.document()) is not None:
                calls.write_note(here, None, is_active)
            for copy in plan.copies:
                if is_active:
                    volumes.make(copy.disk, copy.capacity, copy.pool)
                else:
                    volumes.copy(copy.disk, copy.pool)
            if not is_active and here.fresh().facts().active:
                raise TaskError(
                    "domain: the guest was started meanwhile, so that the copies of its disks may be damaged; run the task again"
                )
            self._statistics = calls.migrate(
                here, self._destination.connection, self._uri(), plan.journey
            )
        except ExpectedError as error:
            failure = error
        else:
            return
        self._after_failure(here, there is not None, volumes, failure)

    def _uri(self) -> str:
        """The destination, as the source's daemon opens it."""
        given = self._request.destination
        # An alias is in the client's configuration alone.
        return given if ":" in given else self._destination.connection.uri

    def _after(self, before: Facts) -> Facts:
        """The domain has arrived: what libvirt doesn't carry over."""
        there = self._destination.fresh().by_uuid(before.uuid or "")
        if there is None:
            raise TaskError(
                f"the migration ended, and {self._names[1]} has no domain '{before.name}'; it may have ended there at once, "
                "see the log of QEMU on that host",
                changed=True,
            )
        self._statistics = {**self._statistics, **calls.statistics(there, is_completed=True)}
        counted = len(self._actions)
        facts = self._settled(there, before.autostart)
        # They are part of the migration.
        del self._actions[counted:]
        left = presence(self._source.fresh().by_uuid(before.uuid or ""))
        if left.where != ABSENT and not self._request.keep_source:
            self._notes.append(
                f"{self._names[0]} still has the domain ({left.state}); run the task again to remove it there"
            )
        return facts

    # Failures.

    def _after_failure(
        self, here: Domain, was_there: bool, volumes: MigratedVolumes, failure: ExpectedError
    ) -> None:
        """See what has become of the guest, and tidy up; returns where it has arrived after all.

        :raises TaskError: otherwise.
        """
        try:
            at_source, at_destination = self._presences(here.uuid)
        except HypervisorError:
            raise TaskError(f"{failure}; {self._known(here.uuid)}", changed=True) from None
        found = situation(at_source, at_destination)
        if found in (ARRIVED, LEFT):
            self._notes.append(f"libvirt reported an error, but the guest has arrived: {failure}")
            return
        if found == BOTH:
            words = words_of_both(at_source, at_destination, *self._names)
            raise TaskError(f"{failure}; {words}", changed=True)
        if is_half(at_source, at_destination):
            # The volumes there have what the guest wrote after it had gone on.
            words = words_of_half(here.name, *self._names)
            raise TaskError(f"{failure}; {words}", changed=True)
        if found == NOWHERE:
            raise TaskError(
                f"{failure}; the guest is on none of both hosts any more: see the logs of QEMU, and define it again",
                changed=True,
            )
        left = self._tidied(here, was_there, at_destination, volumes)
        where = (
            "still runs" if at_source.state == "running" else f"is {at_source.state}, as before,"
        )
        what = f"{failure}; the guest {where} on {self._names[0]}"
        if left:
            raise TaskError(
                f"{what}, and {self._names[1]} still has {', '.join(left)}; run the task again, which removes that",
                changed=True,
            )
        raise TaskError(f"{what}, and nothing is left of it on {self._names[1]}")

    def _known(self, uuid: str) -> str:
        """What is known of the guest where one of both hosts doesn't answer, and what to do."""
        known = []
        for domains, name in zip((self._source, self._destination), self._names):
            try:
                known.append(f"it is {presence(domains.fresh().by_uuid(uuid)).state} on {name}")
            except HypervisorError:
                known.append(f"{name} doesn't answer")
        return f"about the guest: {' and '.join(known)}; run the task again when both answer, and start it nowhere before"

    def _presences(self, uuid: str) -> tuple[Presence, Presence]:
        """Where the domain is, once libvirt has tidied up on both hosts.

        :raises HypervisorError: a host can't be asked.
        """
        found: list[Presence] = []

        def is_settled() -> bool:
            found[:] = [
                presence(domains.fresh().by_uuid(uuid))
                for domains in (self._source, self._destination)
            ]
            if is_postcopy(*found) or is_half(*found):
                # Their jobs stay.
                return True
            if any(each.job for each in found):
                return False
            return situation(*found) != BOTH and found[1].reason != "migration"

        wait(is_settled, _TIDY)
        return found[0], found[1]

    def _tidied(
        self,
        here: Domain,
        was_there: bool,
        at_destination: Presence,
        volumes: MigratedVolumes,
    ) -> list[str]:
        """Remove what this task has made at the destination; the result is what stays."""
        left = []
        if at_destination.where == OFF and not was_there:
            there = self._destination.fresh().by_uuid(here.uuid)
            if there is not None:
                try:
                    calls.undefine_stale(there)
                except HypervisorError as error:
                    left.append(f"its definition ({error})")
        if not left:
            left += volumes.remove(volumes.made)
        if not left:
            try:
                now = here.fresh()
                # A transient guest has it in the running document alone.
                calls.write_note(now, None, presence(now).where == ACTIVE)
            except HypervisorError as error:
                self._notes.append(str(error))
        return left


def _check_removed(left: t.Sequence[str]) -> None:
    """:raises TaskError: volumes of an earlier run can't be removed."""
    if left:
        raise TaskError(
            f"copy_storage: what an earlier run has left can't be removed: {', '.join(left)}; remove it there"
        )
