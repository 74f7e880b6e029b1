# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options and the run of modules about objects whose definition is all that there is."""

from __future__ import annotations

import functools
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, EXACT, MERGE, PRESENT
from .._hypervisor.connection import Connection
from .._hypervisor.objects import Objects
from .._manage import document
from .._manage.absent import ensure_absent
from .._manage.errors import TaskError
from .._manage.goal import Goal, whole
from .._manage.identity import Identify, identify
from .._manage.memory import opened
from .._manage.outcome import Outcome
from .._manage.present import ensure_present
from .._manage.running import NoRunning
from .._manage.validation import Validation
from .._rules.kind import Kind
from .._xmltree.element import Element
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import keep_of_text, uncover
from .spec import CONNECTION, MEMORY, Spec

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

#: The options of a module that reads objects.
NAMED_OBJECTS = CONNECTION + Spec({"name": {"type": "list", "elements": "str"}})


class Given(t.NamedTuple):
    """An object as the options give it.

    ``name`` is its name or UUID. Its document is ``text``, or in the file at ``path``. ``mode``
    is ``exact`` or ``merge``.
    """

    name: str | None
    text: str | bytes | None
    path: str | None
    mode: str


def given_as_xml(params: t.Mapping[str, t.Any]) -> Given:
    """The object of :data:`NAMED_OBJECT`.

    :raises TaskError: the name is empty.
    """
    name = params["name"]
    if name is not None and not name.strip():
        raise TaskError("the option name is empty; set it to the object's name or UUID")
    return Given(name, params["xml"], params["src"], params["mode"])


class ObjectModule(t.NamedTuple):
    """What is of one kind alone in a module about one object.

    ``objects`` are those of a hypervisor, ``users_of`` gives who uses one of them, and ``held_by``
    those users with which libvirt refuses to remove it.
    ``notes_on`` gives what a person should know of a document that is asked for, and of the
    definition as it is then. ``running`` says, by the options,
    what becomes of what runs, ``identify`` which object a document is about, and ``facts_in``
    what is returned of a document beside the facts of each object.
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


def run_object(module: AnsibleModule, about: ObjectModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    noun = about.kind.noun
    with failures_reported(module, noun):
        given = about.given(params)
        running = about.running(params)
    subject = document.subject(noun, given.name, given.text, given.path)
    if given.text is None and params["state"] == PRESENT and given.path is not None:
        with failures_reported(module, subject):
            given = given._replace(text=document.read_file(given.path))
        subject = document.subject(noun, given.name, given.text, given.path)
        keep_of_text(given.text or "")
    with failures_reported(module, subject), connected_by(params) as connection:
        if params["state"] == ABSENT:
            outcome = ensure_absent(
                about.objects(connection),
                about.kind,
                given.name or "",
                about.users_of,
                about.held_by,
                params["force"],
                module.check_mode,
            )
        else:
            outcome = _present(module, about, connection, params, given, running)
    for warning in outcome.warnings(subject):
        module.warn(warning)
    result = outcome.as_result(module._diff)
    shown = outcome.before if outcome.after is None else outcome.after
    if shown is not None:
        result[noun].update(about.facts_in(shown))
    module.exit_json(**result)


def _present(
    module: AnsibleModule,
    about: ObjectModule,
    connection: Connection,
    params: t.Mapping[str, t.Any],
    given: Given,
    running: NoRunning[t.Any],
) -> Outcome:
    kind, text = about.kind, given.text or ""
    goal: Goal[t.Any] = Goal(
        document.load(text, kind.tag),
        given.name,
        whole(given.mode),
        is_part=given.mode == MERGE,
        identify=about.identify or functools.partial(identify, named=kind.named),
    )
    validation = Validation(connection, kind.schema, params["validate"], text, named=kind.named)
    memory = opened(params["remember"], module.check_mode)
    outcome = ensure_present(
        about.objects(connection),
        kind,
        goal,
        validation,
        module.check_mode,
        running=running,
        memory=memory,
    )
    memory.save()
    notes = [
        *about.notes_on(connection, goal.document, outcome.after or goal.document),
        *outcome.notes,
    ]
    if validation.warning is not None:
        notes.insert(0, validation.warning)
    return outcome._replace(notes=tuple(notes))


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
