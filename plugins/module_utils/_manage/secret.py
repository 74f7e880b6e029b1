# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only secrets need: their identity, their values, and their users."""

from __future__ import annotations

import typing as t

from .._choices import ALWAYS
from .._hypervisor.active_object import pools
from .._hypervisor.connection import Connection
from .._hypervisor.errors import HypervisorError
from .._hypervisor.objects import Objects, as_uuid
from .._hypervisor.secrets import Secret, Secrets, usage_name
from .._reconcile.edit import Edit
from .._reconcile.plan import Plan
from .._reconcile.redact import CHANGED
from .._rules.secret import USAGE_IDS
from .._secrecy import HIDDEN
from .._xmltree.element import Element
from .errors import TaskError
from .identity import Identified
from .outcome import CONFIG, Action, Outcome
from .reading import Observed
from .references import documents_of, domains_that, objects_that
from .running import NoRunning

#: When an existing secret gets the value that a task gives.
ON_CREATE, IF_DIFFERENT = "on_create", "if_different"
UPDATES = (ON_CREATE, IF_DIFFERENT, ALWAYS)
#: VIR_SECRET_VALUE's limit in the remote protocol.
LONGEST_VALUE = 65536


def usage_of(document: Element) -> tuple[str, str] | None:
    """The type and the identifier of a secret's usage; ``None`` where it has none."""
    kind = document.value("usage/@type")
    tag = USAGE_IDS.get(kind or "")
    identifier = None if tag is None else document.value(f"usage/{tag}")
    return None if kind is None or identifier is None else (kind, identifier)


def identify(secrets: Objects[Secret], document: Element, given: str | None) -> Identified[Secret]:
    """Find the secret that a document is about; ``given`` may be a UUID beside it.

    libvirt identifies a secret by its UUID, and by its usage, which is unique.

    :raises TaskError: the document has neither, or contradicts an existing secret.
    """
    usage, written = usage_of(document), document.value("uuid")
    identifier = None if written is None else as_uuid(written.strip())
    if written is not None and identifier is None:
        raise TaskError(
            f"uuid: '{written}' is no UUID; write 32 hexadecimal digits, or leave it out"
        )
    name = None if usage is None else usage_name(*usage)
    asked = as_uuid((given or "").strip())
    if asked is not None and identifier is None:
        identifier = asked
        children = [Element("uuid", text=asked), *document.children]
        document = document.replaced(children=children)
    if asked not in (None, identifier):
        raise TaskError(
            f"the XML has the UUID {identifier}, but the option uuid is {asked}; make them equal, "
            "or leave one out"
        )
    if identifier is None:
        if name is None:
            raise TaskError(
                "it has neither a uuid nor a usage, so that each run would define another secret; "
                "set usage or uuid"
            )
        return Identified(document, name, secrets.by_name(name))
    found = secrets.by_uuid(identifier)
    if found is not None:
        return Identified(document, found.name, found)
    namesake = None if name is None else secrets.by_name(name)
    if namesake is not None:
        raise TaskError(
            f"the secret for that usage has the UUID {namesake.uuid}, but {identifier} is asked for; "
            "leave the UUID out, or correct it"
        )
    return Identified(document, name or identifier, None)


class Valued(NoRunning[Secret]):
    """Gives a secret its value after its definition.

    ``value`` is ``None`` where a task gives none. ``update`` is one of :data:`UPDATES`.
    """

    def __init__(self, value: bytes | None, update: str) -> None:
        self._value = value
        self._update = update

    def check(self, plan: Plan, observed: Observed[Secret] | None) -> list[str]:
        """Check that libvirt can make the change, and that the value can be compared.

        :raises TaskError: it can't.
        """
        self._check_readable(plan.document)
        if observed is None:
            return []
        before, after = observed.definition, plan.document
        if usage_of(before) != usage_of(after):
            raise TaskError(
                "usage: libvirt can't change what a secret is for; give its present usage, or remove the "
                "secret with state=absent and define it anew with its value"
            )
        if _is(before, "private") and not _is(after, "private"):
            raise TaskError(
                "private: the secret is private, and libvirt never gives its value away again; leave "
                "it private, or remove it with state=absent and define it anew with its value"
            )
        if not _is(before, "ephemeral") and _is(after, "ephemeral"):
            raise TaskError(
                "ephemeral: the secret is kept on the hypervisor's disk, and libvirt would leave that "
                "copy there; leave it as it is, or remove it with state=absent and define it anew "
                "with its value"
            )
        return []

    def _check_readable(self, document: Element) -> None:
        if self._value is None or self._update != IF_DIFFERENT or not _is(document, "private"):
            return
        raise TaskError(
            "update_value: libvirt doesn't give the value of a private secret away, so that it can't "
            f"be compared; set update_value to {ON_CREATE} or {ALWAYS}"
        )

    def as_new(self, outcome: Outcome) -> Outcome:
        """The outcome of a new secret, with its value."""
        return outcome if self._value is None else _with_value(outcome, None)

    def as_it_runs(
        self,
        outcome: Outcome,
        edit: Edit,
        plan: Plan,
        observed: Observed[Secret],
        check_mode: bool,
    ) -> Outcome:
        """The outcome after the secret has got its value.

        :raises TaskError: it can't have it.
        :raises HypervisorError: libvirt refuses it.
        """
        if self._value is None:
            return outcome
        is_new = outcome.before is None
        if not is_new:
            self._check_readable(plan.document)
        if not is_new and self._update == ON_CREATE:
            return outcome
        before = None if is_new else HIDDEN
        if self._update == IF_DIFFERENT and not is_new:
            known = observed.object.value()
            if known == self._value:
                return outcome
            before = None if known is None else HIDDEN
        if not check_mode:
            self._set(observed.object, self._value, is_new, bool(outcome.changes))
        return _with_value(outcome, before)

    @staticmethod
    def _set(found: Secret, value: bytes, is_new: bool, has_changed: bool) -> None:
        try:
            found.set_value(value)
        except HypervisorError as error:
            if is_new:
                raise TaskError(f"{error}; {_removed(found)}") from error.__cause__
            if has_changed:
                raise TaskError(f"{error}; its definition was changed", changed=True) from None
            raise


def _removed(found: Secret) -> str:
    """Remove the secret that was just made; return words about that."""
    try:
        found.undefine()
    except HypervisorError as error:
        return f"the secret that was made is without a value, for {error}; remove it"
    return "the secret that was made is removed again"


def _is(document: Element, name: str) -> bool:
    return document.get(name) == "yes"


def _with_value(outcome: Outcome, before: str | None) -> Outcome:
    after = HIDDEN if before is None else CHANGED
    action = Action("value", before, after, CONFIG)
    return outcome._replace(actions=(*outcome.actions, action), beside="value")


def users_of(found: Secret) -> list[str]:
    """The domains and pools that refer to a secret, by its UUID or by its usage.

    libvirt doesn't look for them when it removes a secret.

    :raises HypervisorError: domains or pools can't be read.
    """
    usage = usage_of(found.document())

    def refers(document: Element) -> bool:
        return any(_refers(element, found.uuid, usage) for element in document.walk())

    connection = found.connection
    return [*domains_that(connection, refers), *objects_that(pools(connection), refers)]


def _refers(element: Element, identifier: str, usage: tuple[str, str] | None) -> bool:
    """Whether an element of a disk, a pool or a TPM names the secret."""
    if as_uuid(element.get("secret") or "") == identifier:
        return True
    if element.tag != "secret":
        return False
    if element.get("uuid") is not None:
        return as_uuid(element.attributes["uuid"].strip()) == identifier
    # The usage of a passphrase is a volume.
    kind = "volume" if element.get("type") == "passphrase" else element.get("type")
    return (
        usage is not None
        and element.get("usage") == usage[1]
        and (kind is None or kind == usage[0] or usage[0] not in ("volume", "ceph", "iscsi"))
    )


def describe(
    connection: Connection, uuids: t.Sequence[str] | None, usage: tuple[str | None, str | None]
) -> list[dict[str, t.Any]]:
    """The facts of the selected secrets, by usage; ``None`` selects all.

    :raises HypervisorError: they can't be read.
    """
    requested = None if uuids is None else {as_uuid(secret) or secret for secret in uuids}
    found = []
    for secret, document in documents_of(Secrets(connection)):
        known = usage_of(document) or (None, None)
        if requested is not None and secret.uuid not in requested:
            continue
        if all(asked in (None, value) for asked, value in zip(usage, known)):
            found.append({"uuid": secret.uuid, **facts_in(document), "xml": secret.definition()})
    return found


def facts_in(document: Element) -> dict[str, t.Any]:
    """The facts in a secret's definition, as modules return them."""
    usage = usage_of(document)
    return {
        "usage": None if usage is None else {"type": usage[0], "id": usage[1]},
        "description": document.value("description"),
        "ephemeral": _is(document, "ephemeral"),
        "private": _is(document, "private"),
    }
