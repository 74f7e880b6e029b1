# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.pool: its options, and what it does."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._choices import ABSENT, IF_REQUIRED, MERGE, NEVER
from .._hypervisor.active_object import Pool, pools
from .._hypervisor.connection import Connection
from .._hypervisor.image_folder import image_folder
from .._manage.absent import Removal
from .._manage.errors import TaskError
from .._manage.pool.document import DESCRIBING, completed, pool_document, without_others
from .._manage.pool.info import facts_in
from .._manage.pool.running import BUILDS, IF_MISSING, PoolRunning
from .._manage.pool.users import users_of
from .._rules.pool import KIND
from .._rules.pool_types import NAMES
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .objects import ACTIVE_OBJECT, Given, ObjectModule, given_as_xml, name_of, run_object
from .spec import PERMISSIONS, SECRET_REFERENCE, Spec

_SOURCE: dict[str, t.Any] = {
    "hosts": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str", "required": True}, "port": {"type": "int"}},
    },
    "devices": {"type": "list", "elements": "str"},
    "part_separator": {"type": "bool"},
    "dir": {"type": "str"},
    "name": {"type": "str"},
    "format": {"type": "str"},
    "protocol_version": {"type": "str"},
    "initiator": {"type": "str"},
    "adapter": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["scsi_host", "fc_host"]},
            "name": {"type": "str"},
            "parent": {"type": "str"},
            "managed": {"type": "bool"},
            "wwnn": {"type": "str"},
            "wwpn": {"type": "str"},
            "parent_wwnn": {"type": "str"},
            "parent_wwpn": {"type": "str"},
            "parent_fabric_wwn": {"type": "str"},
            "unique_id": {"type": "int"},
            "parent_address": {
                "type": "dict",
                "options": {
                    name: {"type": "str"} for name in ("domain", "bus", "slot", "function")
                },
            },
        },
    },
    "auth": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["chap", "ceph"], "required": True},
            "username": {"type": "str", "required": True},
            "secret": SECRET_REFERENCE,
        },
    },
    "vendor": {"type": "str"},
    "product": {"type": "str"},
}
#: The options that describe a pool without XML.
DESCRIPTION = Spec(
    {
        "type": {"type": "str", "choices": list(NAMES)},
        "source": {"type": "dict", "options": _SOURCE},
        "target": {
            "type": "dict",
            "options": {"path": {"type": "str"}, "permissions": PERMISSIONS},
        },
        "features": {"type": "dict", "options": {"cow": {"type": "bool"}}},
        "refresh": {
            "type": "dict",
            "options": {"allocation": {"type": "str", "choices": ["default", "capacity"]}},
        },
        "mount_options": {"type": "list", "elements": "str"},
        "ceph_options": {"type": "dict", "no_log": True},
    },
    mutually_exclusive=tuple(
        (document, name) for document in ("xml", "src") for name in DESCRIBING
    ),
)
SPEC = (
    ACTIVE_OBJECT
    + DESCRIPTION
    + Spec(
        {
            "build": {"type": "str", "choices": list(BUILDS), "default": IF_MISSING},
            "delete_data": {"type": "bool", "default": False},
            "restart": {"type": "str", "choices": [NEVER, IF_REQUIRED], "default": NEVER},
        }
    )
)


def given_by_options(params: t.Mapping[str, t.Any]) -> Given:
    """The pool that the options describe, by options or by a document.

    :raises TaskError: an option is impossible.
    """
    if params["xml"] is not None or params["src"] is not None:
        return given_as_xml(params)
    name = name_of(params)
    asked = pool_document(None, params)
    return Given(name, serialise(asked), None, MERGE, _completed, without_others(params))


def _completed(connection: Connection, document: Element) -> Element:
    return completed(document, image_folder(connection.uri))


def running(params: t.Mapping[str, t.Any]) -> PoolRunning:
    """What becomes of the pool beside its definition.

    :raises TaskError: the options contradict each other.
    """
    if params["autostart"] and params["state"] == ABSENT:
        raise TaskError("autostart: there is none with state=absent; leave one of them out")
    return PoolRunning(
        params["state"],
        params["autostart"],
        build=params["build"],
        restart=params["restart"],
        force=params["force"],
        source=tuple(name for name, value in (params["source"] or {}).items() if value is not None),
    )


def removal(params: t.Mapping[str, t.Any]) -> Removal[Pool]:
    """What goes with the pool."""
    if not params["delete_data"]:
        return Removal()
    # Few tasks delete anything.
    from .._manage.pool.data import WithData

    return WithData()


ABOUT = ObjectModule(
    KIND,
    pools,
    users_of,
    running=running,
    given=given_by_options,
    facts_in=facts_in,
    removal=removal,
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    run_object(module, ABOUT)
