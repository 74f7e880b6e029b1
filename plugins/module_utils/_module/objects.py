# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options and the run of a module about one object, whose definition is all that there is."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.connection import Connection
from .._hypervisor.objects import Object, Objects
from .._manage import document
from .._manage.absent import ensure_absent
from .._manage.errors import TaskError
from .._manage.goal import Goal, whole
from .._manage.outcome import Outcome
from .._manage.present import ensure_present
from .._manage.validation import Validation
from .._reconcile.reconcile import EXACT, MERGE
from .._rules.kind import Kind
from .._xmltree.element import Element
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import keep_of_text, uncover
from .spec import CONNECTION, Spec

PRESENT, ABSENT = "present", "absent"

#: The options of a module about one object that is given as XML.
OBJECT = CONNECTION + Spec(
    {
        "name": {"type": "str"},
        # It may contain passwords; secrets.uncover() shows the rest of it.
        "xml": {"type": "str", "no_log": True},
        "src": {"type": "path"},
        "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
        "mode": {"type": "str", "choices": [EXACT, MERGE], "default": EXACT},
        "validate": {"type": "bool", "default": True},
        "force": {"type": "bool", "default": False},
    },
    mutually_exclusive=(("xml", "src"),),
    required_if=(
        ("state", PRESENT, ("xml", "src"), True),
        ("state", ABSENT, ("name",)),
    ),
)


@dataclasses.dataclass(frozen=True)
class ObjectModule:
    """What is of one kind alone in a module about one object.

    ``objects`` are those of a hypervisor. ``users_of`` gives who uses an object, and ``notes_on``
    what a person should know of a document before libvirt gets it.
    """

    kind: Kind
    objects: t.Callable[[Connection], Objects[t.Any]]
    users_of: t.Callable[[Object], t.Sequence[str]]
    notes_on: t.Callable[[Connection, Element], t.Sequence[str]]


def run_object(module: AnsibleModule, about: ObjectModule) -> None:
    """Do what the module's options ask for, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    noun, name, text = about.kind.noun, params["name"], params["xml"]
    subject = document.subject(noun, name, text, params["src"])
    with failures_reported(module, subject):
        if name is not None and not name.strip():
            raise TaskError(f"the option name is empty; set it to the {noun}'s name or UUID")
        if text is None and params["state"] == PRESENT:
            text = document.read_file(params["src"])
            subject = document.subject(noun, name, text, params["src"])
            keep_of_text(text)
    with failures_reported(module, subject), connected_by(params) as connection:
        if params["state"] == ABSENT:
            objects = about.objects(connection)
            outcome = ensure_absent(
                objects, about.kind, name, about.users_of, params["force"], module.check_mode
            )
        else:
            outcome = _present(module, about, connection, params, text)
    for warning in outcome.warnings(subject):
        module.warn(warning)
    module.exit_json(**outcome.as_result(module._diff))


def _present(
    module: AnsibleModule,
    about: ObjectModule,
    connection: Connection,
    params: t.Mapping[str, t.Any],
    text: str | bytes,
) -> Outcome:
    desired = document.load(text, about.kind.tag)
    mode = params["mode"]
    goal: Goal[t.Any] = Goal(desired, params["name"], whole(mode), is_part=mode == MERGE)
    validation = Validation(connection, about.kind.schema, params["validate"], text)
    outcome = ensure_present(
        about.objects(connection), about.kind, goal, validation, module.check_mode
    )
    notes = [*about.notes_on(connection, desired), *outcome.notes]
    if validation.warning is not None:
        notes.insert(0, validation.warning)
    return dataclasses.replace(outcome, notes=tuple(notes))
