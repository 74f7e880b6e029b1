# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.volume: its options, and what it does."""

from __future__ import annotations

import base64
import functools
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, MERGE
from .._hypervisor.connection import Connection
from .._hypervisor.flags import flag
from .._hypervisor.volumes import StoredVolume, Volumes, volume_name
from .._manage.absent import Removal
from .._manage.errors import TaskError
from .._manage.volume.document import (
    DESCRIBING,
    FULL,
    METADATA,
    PREALLOCATIONS,
    check_unit,
    completed,
    of_image,
    volume_document,
    with_backing,
    with_capacity,
)
from .._manage.volume.identity import check_name, identify
from .._manage.volume.info import facts_in
from .._manage.volume.origin import NOTHING, Backing, Cloned, Content, FromImage, Origin
from .._manage.volume.running import VolumeRunning
from .._rules.volume import KIND
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .image_option import IMAGE, image_of
from .objects import OBJECT, Given, ObjectModule, run_object
from .spec import PERMISSIONS, SECRET_REFERENCE, Spec

#: The options about what a new volume is made of.
_ORIGINS = ("clone_from", "image", "content", "content_base64", "content_src")
#: The options that describe a volume without XML.
DESCRIPTION = Spec(
    {
        "capacity": {"type": "str"},
        "allocation": {"type": "str"},
        "preallocation": {"type": "str", "choices": list(PREALLOCATIONS)},
        "format": {"type": "str"},
        "cluster_size": {"type": "str"},
        "backing": {
            "type": "dict",
            "options": {
                "path": {"type": "str"},
                "volume": {"type": "str"},
                "pool": {"type": "str"},
                "format": {"type": "str"},
            },
            "mutually_exclusive": [("path", "volume"), ("path", "pool")],
            "required_one_of": [("path", "volume")],
        },
        "encryption": {
            "type": "dict",
            "options": {
                "format": {"type": "str", "choices": ["luks", "luks2"], "default": "luks"},
                "secret": SECRET_REFERENCE,
            },
        },
        "permissions": PERMISSIONS,
        "nocow": {"type": "bool"},
    }
)
SPEC = (
    Spec({name: option for name, option in OBJECT.options.items() if name != "force"})
    + DESCRIPTION
    + Spec(
        {
            "name": {"type": "str"},
            "pool": {"type": "str", "required": True},
            "clone_from": {
                "type": "dict",
                "options": {"volume": {"type": "str", "required": True}, "pool": {"type": "str"}},
            },
            "image": IMAGE,
            "content": {"type": "str", "no_log": True},
            "content_base64": {"type": "str", "no_log": True},
            "content_src": {"type": "path"},
            "shrink": {"type": "bool", "default": False},
            "wipe": {"type": "bool", "default": False},
        },
        mutually_exclusive=(
            *OBJECT.mutually_exclusive,
            _ORIGINS,
            ("backing", *_ORIGINS),
            ("allocation", "preallocation"),
            *((document, name) for document in ("xml", "src") for name in DESCRIBING),
        ),
        required_one_of=(("name", "xml", "src"),),
        required_if=(("state", ABSENT, ("name",)),),
    )
)


def given_by_options(params: t.Mapping[str, t.Any]) -> Given:
    """The volume that the options describe, by options or by a document.

    :raises TaskError: an option is impossible.
    """
    name = params["name"]
    if name is not None:
        check_name(name)
        name = volume_name(params["pool"], name)
    if params["xml"] is not None or params["src"] is not None:
        return Given(name, params["xml"], params["src"], params["mode"])
    _check(params)
    text = serialise(volume_document(params))
    return Given(name, text, None, MERGE, functools.partial(_new, params))


def _check(params: t.Mapping[str, t.Any]) -> None:
    if params["preallocation"] == FULL and params["capacity"] is None:
        raise TaskError("preallocation: full needs capacity; set it")
    if params["preallocation"] == METADATA and params["format"] not in (None, "qcow2"):
        raise TaskError(
            f"preallocation: only qcow2 has metadata, and not {params['format']}; set it to full, or leave "
            "it out"
        )
    if params["wipe"] and params["state"] != ABSENT:
        raise TaskError(
            "wipe: only a volume that goes is overwritten; set state to absent, or leave wipe out"
        )


def _new(params: t.Mapping[str, t.Any], connection: Connection, document: Element) -> Element:
    origin, backing = origin_of(params), backing_of(params)
    if not origin.has_content:
        check_unit(params["capacity"])
    pool = Volumes(connection, params["pool"]).pool().document()
    capacity = origin.capacity(connection)
    if capacity is not None:
        document = with_capacity(document, capacity)
    if backing is not None:
        document = with_backing(document, *backing.found(connection))
    if params["image"] is not None:
        return of_image(document, pool.get("type"))
    return completed(document, pool.get("type"), origin.form(connection))


def origin_of(params: t.Mapping[str, t.Any]) -> Origin:
    """What a new volume is made of.

    :raises TaskError: it can't be read.
    """
    clone = params["clone_from"]
    if clone is not None:
        return Cloned(clone["pool"] or params["pool"], clone["volume"])
    if params["image"] is not None:
        return FromImage(image_of(params["image"]))
    text, coded = params["content"], params["content_base64"]
    if text is None and coded is None and params["content_src"] is None:
        return NOTHING
    if text is not None:
        return Content(text.encode("utf-8", "surrogateescape"), None)
    if coded is None:
        return Content(None, params["content_src"])
    try:
        return Content(base64.b64decode("".join(coded.split()), validate=True), None)
    except ValueError:
        raise TaskError(
            "content_base64: it is no Base64; encode the content with the filter b64encode"
        ) from None


def backing_of(params: t.Mapping[str, t.Any]) -> Backing | None:
    """What the image is based on."""
    backing = params["backing"]
    if backing is None:
        return None
    pool = backing["pool"] or params["pool"]
    return Backing(backing["path"], pool, backing["volume"], backing["format"])


def running(params: t.Mapping[str, t.Any]) -> VolumeRunning:
    """What can become of the volume, if it exists."""
    return VolumeRunning(
        may_shrink=params["shrink"],
        backing=backing_of(params),
        origin=NOTHING if params["state"] == ABSENT else origin_of(params),
        pool=lambda connection: Volumes(connection, params["pool"]).pool(),
    )


def removal(params: t.Mapping[str, t.Any]) -> Removal[StoredVolume]:
    """How the volume goes."""
    # Few tasks delete anything.
    from .._manage.volume.removal import Deleted

    return Deleted(params["wipe"])


def by_options(about: ObjectModule, params: t.Mapping[str, t.Any]) -> ObjectModule:
    """The record of the volumes of one pool."""
    pool = params["pool"]
    flags = 0
    if params["preallocation"] == METADATA:
        flags |= flag("VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA")

    def volumes(connection: Connection) -> Volumes:
        if params["state"] == ABSENT:
            return Volumes(connection, pool, may_lack_pool=True)
        return Volumes(connection, pool, origin_of(params).source(), flags, params["shrink"])

    return about._replace(objects=volumes, identify=functools.partial(identify, pool))


def named_by(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What is returned of the options."""
    return {"name": params["name"], "pool": params["pool"]}


ABOUT = ObjectModule(
    KIND,
    lambda connection: Volumes(connection, ""),
    lambda _found: (),
    running=running,
    given=given_by_options,
    facts_in=lambda document: {"name": document.value("name"), **facts_in(document)},
    removal=removal,
    by_options=by_options,
    named_by=named_by,
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    run_object(module, ABOUT)
