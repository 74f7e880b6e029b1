# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a storage pool as its document does."""

from __future__ import annotations

import typing as t

from ..._xmltree.element import Element

PERMISSIONS = ("mode", "owner", "group", "label")
_ADAPTER = (
    "type",
    "name",
    "parent",
    "wwnn",
    "wwpn",
    "parent_wwnn",
    "parent_wwpn",
    "parent_fabric_wwn",
)
_ADDRESS = ("domain", "bus", "slot", "function")
_FS = "http://libvirt.org/schemas/storagepool/fs/1.0"
#: Options that are one value, by their places in ``source``.
_TEXTS = {
    "dir": "dir/@path",
    "name": "name",
    "format": "format/@type",
    "protocol_version": "protocol/@ver",
    "initiator": "initiator/iqn/@name",
    "vendor": "vendor/@name",
    "product": "product/@name",
}


def options_of(document: Element) -> dict[str, t.Any]:
    """The options, with what libvirt fills in by itself, but without the options of Ceph."""
    found: dict[str, t.Any] = {"type": document.get("type")}
    source, target = document.child("source"), document.child("target")
    if source is not None:
        found["source"] = _source(source)
    if target is not None:
        found["target"] = _present(
            {"path": target.value("path"), "permissions": _permissions(target.child("permissions"))}
        )
    cow = document.value("features/cow/@state")
    if cow is not None:
        found["features"] = {"cow": cow == "yes"}
    allocation = document.value("refresh/volume/@allocation")
    if allocation is not None:
        found["refresh"] = {"allocation": allocation}
    mount = document.child(f"{{{_FS}}}mount_opts")
    if mount is not None:
        found["mount_options"] = [each.get("name") for each in mount.all(f"{{{_FS}}}option")]
    return _present(found)


def _source(source: Element) -> dict[str, t.Any]:
    devices = source.all("device")
    separator = devices[0].get("part_separator") if devices else None
    return _present(
        {
            "hosts": [
                _present({"name": host.get("name"), "port": _number(host.get("port"))})
                for host in source.all("host")
            ],
            "devices": [device.get("path") for device in devices],
            "part_separator": None if separator is None else separator == "yes",
            **{option: source.value(place) for option, place in _TEXTS.items()},
            "adapter": _adapter(source.child("adapter")),
            "auth": _auth(source.child("auth")),
        }
    )


def _adapter(adapter: Element | None) -> dict[str, t.Any] | None:
    if adapter is None:
        return None
    parent = adapter.child("parentaddr")
    address = None if parent is None else parent.child("address")
    managed = adapter.get("managed")
    return _present(
        {
            **{name: adapter.get(name) for name in _ADAPTER},
            "managed": None if managed is None else managed == "yes",
            "unique_id": None if parent is None else _number(parent.get("unique_id")),
            "parent_address": None
            if address is None
            else {name: address.get(name) for name in _ADDRESS},
        }
    )


def _auth(auth: Element | None) -> dict[str, t.Any] | None:
    if auth is None:
        return None
    secret = auth.child("secret")
    reference = {} if secret is None else _present({n: secret.get(n) for n in ("usage", "uuid")})
    return _present(
        {"type": auth.get("type"), "username": auth.get("username"), "secret": reference}
    )


def _permissions(permissions: Element | None) -> dict[str, t.Any] | None:
    if permissions is None:
        return None
    return _present({name: permissions.value(name) for name in PERMISSIONS})


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None


def _present(options: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value not in (None, [], {})}
