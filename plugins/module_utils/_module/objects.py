# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options and the run of modules about objects whose definition is all that there is."""

from __future__ import annotations

import dataclasses
import functools
import re
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, ACTIVE, EXACT, INACTIVE, MERGE, PRESENT
from .._hypervisor.connection import Connection
from .._hypervisor.objects import Objects
from .._manage import document
from .._manage.absent import Removal, ensure_absent
from .._manage.errors import TaskError
from .._manage.goal import Goal, whole
from .._manage.identity import Identify, identify
from .._manage.memory import Memory, opened
from .._manage.outcome import Outcome
from .._manage.present import ensure_present
from .._manage.running import NoRunning
from .._manage.validation import Validation
from .._reconcile.taken import Taken, nothing_taken
from .._rules.kind import Kind
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .outcome_warnings import warn_of
from .secrets import keep_of_text, uncover
from .spec import CONNECTION, MEMORY, Spec

#: A character that no document of XML 1.0 can have (Char).
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

#: The options of a module about one object, in whatever way that is given.
OBJECT = (
    CONNECTION
    + MEMORY
    + Spec(
        {
            # It may contain passwords; secrets.uncover() shows the rest of it.
            "xml": {"type": "str", "no_log": True},
            "src": {"type": "path"},
            "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
            "mode": {"type": "str", "choices": [EXACT, MERGE], "default": EXACT},
            "validate": {"type": "bool", "default": True},
            "force": {"type": "bool", "default": False},
        },
        mutually_exclusive=(("xml", "src"),),
    )
)

#: The options of a module about one object that is given as XML.
NAMED_OBJECT = OBJECT + Spec(
    {"name": {"type": "str"}},
    required_if=(
        ("state", PRESENT, ("xml", "src"), True),
        ("state", ABSENT, ("name",)),
    ),
)

#: The options of a module about one object that is on or off.
ACTIVE_OBJECT = OBJECT + Spec(
    {
        "name": {"type": "str"},
        "state": {
            "type": "str",
            "choices": [PRESENT, ACTIVE, INACTIVE, ABSENT],
            "default": PRESENT,
        },
        "autostart": {"type": "bool"},
    },
    required_one_of=(("name", "xml", "src"),),
    required_if=(("state", ABSENT, ("name",)),),
)

#: The options of a module that reads objects.
NAMED_OBJECTS = CONNECTION + Spec({"name": {"type": "list", "elements": "str"}})


class Given(t.NamedTuple):
    """An object as the options give it.

    ``name`` is its name or UUID. Its document is ``text``, or in the file at ``path``. ``mode``
    is ``exact`` or ``merge``. Where ``make_new`` is set, ``text`` is only the part of a document
    that the options describe, which is merged into that of an object that exists; ``make_new``
    completes it, which has the name by then, for a new one, and raises :class:`TaskError` where
    the options make none.
    ``taken`` gives what goes besides of a document of an object that exists.
    """

    name: str | None
    text: str | bytes | None
    path: str | None
    mode: str
    make_new: t.Callable[[Connection, Element], Element] | None = None
    taken: t.Callable[[Element], Taken] | None = None


def given_as_xml(params: t.Mapping[str, t.Any]) -> Given:
    """The object of :data:`NAMED_OBJECT`.

    :raises TaskError: the name is empty.
    """
    return Given(name_of(params), params["xml"], params["src"], params["mode"])


def name_of(params: t.Mapping[str, t.Any]) -> str | None:
    """The option ``name``: a name or a UUID.

    :raises TaskError: it is empty, or no document can have it.
    """
    name: str | None = params["name"]
    if name is not None and not name.strip():
        raise TaskError("the option name is empty; set it to the object's name or UUID")
    if name is not None and _NOT_IN_XML.search(name):
        raise TaskError(f"name: {name!r} has a control character; correct it")
    return name


class ObjectModule(t.NamedTuple):
    """What is of one kind alone in a module about one object.

    ``objects`` are those of a hypervisor, ``users_of`` gives who uses one of them, and ``held_by``
    those users with which libvirt refuses to remove it.
    ``notes_on`` gives what a person should know of a document that is asked for, and of the
    definition as it is then. ``running`` says, by the options,
    what becomes of what runs, ``identify`` which object a document is about, and ``facts_in``
    what is returned of a document beside the facts of each object. ``check_removal`` raises
    :class:`TaskError` where the options contradict the object that they would remove, and
    ``removal`` says by the options what goes with it. ``by_options`` gives the record for some
    options, where all of it depends on them. ``named_by`` gives what is returned of the options,
    whether there is such an object or not.
    """

    kind: Kind
    objects: t.Callable[[Connection], Objects[t.Any]]
    users_of: t.Callable[[t.Any], t.Sequence[str]]
    notes_on: t.Callable[[Connection, Element, Element], t.Sequence[str]] = lambda *_documents: ()
    running: t.Callable[[t.Mapping[str, t.Any]], NoRunning[t.Any]] = lambda _params: NoRunning()
    given: t.Callable[[t.Mapping[str, t.Any]], Given] = given_as_xml
    identify: Identify[t.Any] | None = None
    facts_in: t.Callable[[Element], t.Mapping[str, t.Any]] = lambda _document: {}
    held_by: t.Callable[[t.Any], t.Sequence[str]] = lambda _found: ()
    check_removal: t.Callable[[t.Mapping[str, t.Any], t.Any], None] = lambda _params, _found: None
    removal: t.Callable[[t.Mapping[str, t.Any]], Removal[t.Any]] = lambda _params: Removal()
    by_options: t.Callable[[ObjectModule, t.Mapping[str, t.Any]], ObjectModule] = (
        lambda about, _params: about
    )
    named_by: t.Callable[[t.Mapping[str, t.Any]], t.Mapping[str, t.Any]] = lambda _params: {}


class ObjectTask:
    """The task of some options for one object."""

    def __init__(self, about: ObjectModule, params: t.Mapping[str, t.Any]) -> None:
        """Read the options.

        :raises TaskError: they contradict themselves.
        """
        self._about = about = about.by_options(about, params)
        self._params = params
        self._given = about.given(params)
        self._running = about.running(params)

    @property
    def name(self) -> str | None:
        """The name or the UUID of the object, by the options or in the document."""
        given = self._given
        if given.name is not None or given.text is None:
            return given.name
        return document.name_in(given.text)

    @property
    def subject(self) -> str:
        """The words for the object in a message."""
        given = self._given
        return document.subject(self._about.kind.noun, given.name, given.text, given.path)

    def read(self) -> None:
        """Read the document's file, where it is in one.

        :raises TaskError: it can't be read.
        """
        given = self._given
        if given.text is None and given.path is not None and self._params["state"] != ABSENT:
            self._given = given._replace(text=document.read_file(given.path))
            keep_of_text(self._given.text or "")

    def carry_out(self, connection: Connection, memory: Memory, check_mode: bool) -> Outcome:
        """Do what the options ask for.

        :raises ExpectedError: it can't be done.
        """
        if self._params["state"] == ABSENT:
            outcome = self._absent(connection, check_mode)
        else:
            outcome = self._present(connection, memory, check_mode)
        shown = outcome.before if outcome.after is None else outcome.after
        if outcome.made is not None:
            shown = outcome.made()
        details = dict(self._about.named_by(self._params))
        if shown is not None:
            details.update(self._about.facts_in(shown))
        details.update(outcome.details)
        return outcome._replace(details=details)

    def _absent(self, connection: Connection, check_mode: bool) -> Outcome:
        about = self._about

        def users_of(found: t.Any) -> t.Sequence[str]:
            about.check_removal(self._params, found)
            return about.users_of(found)

        return ensure_absent(
            about.objects(connection),
            about.kind,
            self._given.name or "",
            users_of,
            about.held_by,
            self._params.get("force", False),
            check_mode,
            about.removal(self._params),
        )

    def _present(self, connection: Connection, memory: Memory, check_mode: bool) -> Outcome:
        about, kind, given = self._about, self._about.kind, self._given
        text = given.text or ""
        objects = about.objects(connection)
        asked = document.load(text, kind.tag)
        goal: Goal[t.Any] = Goal(
            asked,
            given.name,
            whole(given.mode, given.taken or nothing_taken),
            is_part=given.mode == MERGE,
            identify=about.identify or functools.partial(identify, named=kind.named),
        )
        source: str | bytes = text
        running = self._running.on(connection)
        target = None if given.make_new is None else goal.identify(objects, asked, given.name)
        if given.make_new is not None and target is not None and target.found is None:
            asked = given.make_new(connection, target.document)
            source = serialise(asked)
            goal = dataclasses.replace(goal, document=asked, is_part=False, is_new=True)
        is_document = given.path is not None or self._params.get("xml") is not None
        validation = Validation(
            connection,
            kind.schema,
            self._params["validate"],
            source,
            named=kind.named,
            is_described=not is_document,
        )
        outcome = ensure_present(
            objects, kind, goal, validation, check_mode, running=running, memory=memory
        )
        notes = [*about.notes_on(connection, asked, outcome.after or asked), *outcome.notes]
        if validation.warning is not None:
            notes.insert(0, validation.warning)
        return outcome._replace(notes=tuple(notes))


def run_object(module: AnsibleModule, about: ObjectModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    noun = about.kind.noun
    with failures_reported(module, noun, noun):
        task = ObjectTask(about, params)
    with failures_reported(module, task.subject, noun):
        task.read()
    with failures_reported(module, task.subject, noun), connected_by(params) as connection:
        memory = opened(params["remember"], module.check_mode)
        outcome = task.carry_out(connection, memory, module.check_mode)
        memory.save()
    warn_of(module, outcome, task.subject, noun)
    module.exit_json(**outcome.as_result(module._diff))


def run_objects_info(
    module: AnsibleModule,
    key: str,
    describe: t.Callable[[Connection, t.Mapping[str, t.Any]], list[dict[str, t.Any]]],
) -> None:
    """Describe objects, and exit with the descriptions as ``key``."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, f"the {key}"), connected_by(params) as connection:
        found = describe(connection, params)
    module.exit_json(changed=False, **{key: found})
