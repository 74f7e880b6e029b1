# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.secret: its options, and what it does."""

from __future__ import annotations

import base64
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, MERGE
from .._hypervisor.objects import as_uuid
from .._hypervisor.secrets import Secret, Secrets, usage_name
from .._manage.errors import TaskError
from .._manage.secret import (
    LONGEST_VALUE,
    ON_CREATE,
    UPDATES,
    Valued,
    facts_in,
    identify,
    users_of,
)
from .._rules.secret import KIND, USAGE_IDS
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .objects import OBJECT, Given, ObjectModule, run_object
from .spec import Spec

#: The options that describe a secret without XML.
_DESCRIBED = ("usage", "description", "ephemeral", "private")

#: What a secret is for.
USAGE = Spec(
    {
        "usage": {
            "type": "dict",
            "options": {
                "type": {"type": "str", "choices": list(USAGE_IDS), "required": True},
                "id": {"type": "str", "required": True},
            },
        },
    }
)
SPEC = (
    OBJECT
    + USAGE
    + Spec(
        {
            "uuid": {"type": "str"},
            "description": {"type": "str"},
            "ephemeral": {"type": "bool"},
            "private": {"type": "bool"},
            "value": {"type": "str", "no_log": True},
            "value_base64": {"type": "str", "no_log": True},
            "update_value": {
                "type": "str",
                "choices": list(UPDATES),
                "default": ON_CREATE,
                # Whether a value is set is no secret.
                "no_log": False,
            },
        },
        mutually_exclusive=(
            ("value", "value_base64"),
            *((document, name) for document in ("xml", "src") for name in _DESCRIBED),
        ),
        required_one_of=(("xml", "src", "usage", "uuid"),),
    )
)


def given_by_options(params: t.Mapping[str, t.Any]) -> Given:
    """The secret that the options describe, by options or by a document.

    :raises TaskError: they identify none.
    """
    usage, written = params["usage"], params["uuid"]
    identifier = None if written is None else as_uuid(written.strip())
    if written is not None and identifier is None:
        raise TaskError(f"uuid: '{written}' is no UUID; write 32 hexadecimal digits")
    description = params["description"]
    if description is not None and not description.strip():
        raise TaskError(
            "description: it is empty, and libvirt keeps no such; leave it out to leave it as it is, or "
            "remove it by a document without it and mode=exact"
        )
    name = usage_name(usage["type"], usage["id"]) if usage is not None else identifier
    if params["state"] == ABSENT and name is None:
        raise TaskError("state=absent needs usage or uuid; set one of them")
    if params["state"] != ABSENT and params["validate"] and _lacks_path(usage):
        raise TaskError(
            f"usage.id: '{usage['id']}' is no absolute path; set it to the path of the volume, from / on"
        )
    if params["xml"] is not None or params["src"] is not None:
        return Given(name, params["xml"], params["src"], params["mode"])
    return Given(name, serialise(_document(params, identifier)), None, MERGE)


def _lacks_path(usage: t.Mapping[str, str] | None) -> bool:
    """Whether a volume is named by what libvirt's schema doesn't allow (secret.rng: absFilePath)."""
    return usage is not None and usage["type"] == "volume" and not usage["id"].startswith("/")


def _document(params: t.Mapping[str, t.Any], identifier: str | None) -> Element:
    """The document of the options; missing ones stay as they are, or get libvirt's default.

    ``identifier`` is the UUID as libvirt writes it.
    """
    switches = {
        name: "yes" if params[name] else "no"
        for name in ("ephemeral", "private")
        if params[name] is not None
    }
    children = [
        Element(name, text=text)
        for name, text in (("uuid", identifier), ("description", params["description"]))
        if text is not None
    ]
    usage = params["usage"]
    if usage is not None:
        inside = Element(USAGE_IDS[usage["type"]], text=usage["id"])
        children.append(Element("usage", {"type": usage["type"]}, children=[inside]))
    return Element(KIND.tag, switches, children=children)


def valued(params: t.Mapping[str, t.Any]) -> Valued:
    """The value in the options, and when a secret gets it.

    :raises TaskError: the value is impossible.
    """
    return Valued(_value(params), params["update_value"])


def _value(params: t.Mapping[str, t.Any]) -> bytes | None:
    text, coded = params["value"], params["value_base64"]
    option = "value" if coded is None else "value_base64"
    if text is None and coded is None:
        return None
    try:
        # Programs break the lines of Base64.
        found = (
            str(text).encode()
            if coded is None
            else base64.b64decode("".join(coded.split()), validate=True)
        )
    except ValueError:
        raise TaskError(
            f"{option}: it is no text; set value_base64 to the bytes that it is to be"
            if coded is None
            else f"{option}: it is no Base64; encode the value with the filter b64encode"
        ) from None
    if not found:
        raise TaskError(f"{option}: it is empty; set it to a value, or leave it out")
    if len(found) > LONGEST_VALUE:
        raise TaskError(f"{option}: it is too long; libvirt takes at most {LONGEST_VALUE} bytes")
    return found


def check_removal(params: t.Mapping[str, t.Any], found: Secret) -> None:
    """Check that the secret for the usage has the UUID that is given too.

    :raises TaskError: it has another one.
    """
    given = as_uuid((params["uuid"] or "").strip())
    if given not in (None, found.uuid):
        raise TaskError(
            f"the secret for that usage has the UUID {found.uuid}, but {given} is asked for; leave "
            "the UUID out, or correct it"
        )


ABOUT = ObjectModule(
    KIND,
    Secrets,
    users_of,
    running=valued,
    given=given_by_options,
    identify=identify,
    facts_in=facts_in,
    check_removal=check_removal,
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    run_object(module, ABOUT)
