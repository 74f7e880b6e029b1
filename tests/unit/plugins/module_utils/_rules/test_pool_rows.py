# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of storage pools, row by row."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.pool import (
    KIND,
    ROWS,
    uses,
)

from .row_cases import Case, check, rows_without_a_case

_UUID = "<uuid>81ff0d90-c91e-6742-64da-4a736edb9a9b</uuid>"
_SIZES = (
    "<capacity unit='bytes'>9</capacity><allocation unit='bytes'>0</allocation>"
    "<available unit='bytes'>9</available>"
)
_NAMESPACES = (
    "xmlns:fs='http://libvirt.org/schemas/storagepool/fs/1.0' "
    "xmlns:rbd='http://libvirt.org/schemas/storagepool/rbd/1.0'"
)
_TARGET = "<target><path>/a</path></target>"
_HOST, _DEVICE, _DIR = "<host name='h'/>", "<device path='/dev/b'/>", "<dir path='/c'/>"
_ADAPTER = "<adapter type='scsi_host' name='scsi_host1'/>"
_INITIATOR = "<initiator><iqn name='iqn.2026-01.example:a'/></initiator>"
_ALL = f"{_HOST}{_DEVICE}{_DIR}{_ADAPTER}<name>a</name>{_INITIATOR}"


def _pool(*inside: str, kind: str = "dir", source: str = "", target: str = _TARGET) -> str:
    """A definition as libvirt writes it."""
    return (
        f"<pool type='{kind}' {_NAMESPACES}><name>a</name>{_UUID}{_SIZES}"
        f"<source>{source}</source>{target}{''.join(inside)}</pool>"
    )


def _written(*inside: str, kind: str = "dir", target: str = _TARGET) -> str:
    """A document as a person writes it."""
    return f"<pool type='{kind}' {_NAMESPACES}><name>a</name>{''.join(inside)}{target}</pool>"


def _source(document: str, dump: str, kind: str, target: str = _TARGET) -> Case:
    return Case(
        _written(f"<source>{document}</source>", kind=kind, target=target),
        _pool(kind=kind, source=dump, target=target),
    )


def _permissions(inside: str) -> str:
    return f"<target><path>/a</path><permissions>{inside}</permissions></target>"


#: By type, what it keeps of a source that has everything.
_SOURCES = {
    "dir": "",
    "fs": f"{_DEVICE}<format type='auto'/>",
    "netfs": f"{_HOST}{_DIR}<format type='auto'/>",
    "logical": f"{_DEVICE}<name>a</name><format type='lvm2'/>",
    "disk": f"{_DEVICE}<format type='unknown'/>",
    "iscsi": f"{_HOST}{_DEVICE}{_INITIATOR}",
    "iscsi-direct": f"{_HOST}{_DEVICE}{_INITIATOR}",
    "scsi": _ADAPTER,
    "mpath": "",
    "rbd": f"{_HOST}<name>a</name>",
    "sheepdog": f"{_HOST}<name>a</name>",
    "gluster": f"{_HOST}{_DIR}<name>a</name>",
    "zfs": f"{_DEVICE}<name>a</name>",
    "vstorage": "<name>a</name>",
}
_NO_TARGET = ("rbd", "sheepdog", "gluster", "iscsi-direct")
_OWN_TARGET = {"logical": "/dev/a", "zfs": "/dev/zvol/a"}


def _target_of(kind: str) -> str:
    path = _OWN_TARGET.get(kind, "/a")
    return "" if kind in _NO_TARGET else f"<target><path>{path}</path></target>"


TYPES = [
    Case(
        _written(f"<source>{_ALL}</source>", kind=kind),
        _pool(kind=kind, source=kept, target=_target_of(kind)),
    )
    for kind, kept in _SOURCES.items()
] + [
    Case(_written(kind="dir"), _pool()),
    Case(
        _written("<source><format type='auto'/></source>"),
        _pool(),
    ),
    Case(
        _written(kind="logical", target=""),
        _pool(
            kind="logical",
            source="<name>a</name><format type='lvm2'/>",
            target="<target><path>/dev/a</path></target>",
        ),
    ),
    Case(
        f"<pool type='logical'><source><name>a</name>{_DEVICE}</source></pool>",
        _pool(
            kind="logical",
            source=f"{_DEVICE}<name>a</name><format type='lvm2'/>",
            target="<target><path>/dev/a</path></target>",
        ),
    ),
    _source(_HOST + "<name>b</name>", _HOST + "<dir path='/'/><name>b</name>", "gluster", ""),
    Case(
        _written("<source><format type='nfs'/></source>", kind="netfs"),
        _pool(kind="netfs", source="<format type='auto'/>"),
        ("modify /pool/source/format/@type",),
    ),
]

VALUES = [
    Case(_written(_UUID.upper().replace("UUID", "uuid")), _pool()),
    Case(_written(_SIZES.replace("9", "8")), _pool()),
    Case(_written(_SIZES.replace("0", "7")), _pool()),
    Case(_written("<features/>", "<refresh><volume/></refresh>"), _pool()),
    Case(
        _written("<features><cow state='yes'/></features>"),
        _pool(),
        ("add /pool/features",),
    ),
    _source(
        "<host name='h' port='07'/>" + _DIR,
        "<host name='h' port='7'/>" + _DIR + "<format type='auto'/>",
        "netfs",
    ),
    _source(
        f"{_HOST}<dir path='//c//d/'/>", f"{_HOST}<dir path='//c/d'/><format type='auto'/>", "netfs"
    ),
    _source("<adapter name='scsi_host1'/>", _ADAPTER, "scsi"),
    *(
        _source(
            f"<adapter type='fc_host' {name}='ABCDEF'/>",
            f"<adapter type='fc_host' {name}='abcdef'/>",
            "scsi",
        )
        for name in ("wwnn", "wwpn", "parent_wwnn", "parent_wwpn", "parent_fabric_wwn")
    ),
    *(
        _source(
            "<adapter type='scsi_host'><parentaddr unique_id='01'>"
            f"<address {document}/></parentaddr></adapter>",
            "<adapter type='scsi_host'><parentaddr unique_id='1'><address domain='0x0000' "
            f"bus='0x00' slot='0x{slot}' function='0x{function}'/></parentaddr></adapter>",
            "scsi",
        )
        for document, slot, function in (
            ("domain='0' bus='0' slot='31' function='2'", "1f", "2"),
            ("slot='0x1f'", "1f", "0"),
            ("function='0x2'", "00", "2"),
        )
    ),
    _source(
        f"{_HOST}<name>a</name><auth type='ceph' username='u'>"
        "<secret uuid='09B11C53-8B5C-4EEB-8F00-D84EAA0AAA4F'/></auth>",
        f"{_HOST}<name>a</name><auth type='ceph' username='u'>"
        "<secret uuid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></auth>",
        "rbd",
        "",
    ),
    Case(
        _written(target="<target><path>/a//b/</path></target>"),
        _pool(target="<target><path>/a/b</path></target>"),
    ),
    Case(_written(), _pool(target=_permissions("<mode>0755</mode>"))),
    Case(_written(target=_permissions("")), _pool()),
    Case(
        _written(target=_permissions("<mode>755</mode><owner>00</owner><group>00</group>")),
        _pool(target=_permissions("<mode>0755</mode><owner>0</owner><group>0</group>")),
    ),
    Case(
        _written(target=_permissions("<mode>0755</mode><owner>-1</owner><group>-1</group>")),
        _pool(target=_permissions("<mode>0755</mode><owner>0</owner><group>0</group>")),
    ),
    Case(
        _written(target=_permissions("<mode>0755</mode>")),
        _pool(target=_permissions("<mode>0711</mode>")),
        ("modify /pool/target/permissions/mode",),
    ),
]

LISTS = [
    Case(
        _written("<source><host name='b'/><host name='a'/></source>", kind="sheepdog", target=""),
        _pool(kind="sheepdog", source="<host name='a'/><host name='b'/><name>a</name>", target=""),
        (
            "move /pool/source/host[@name='b'] 1",
            "move /pool/source/host[@name='a'] 2",
        ),
    ),
    _source(
        "<device path='/dev/c'/><device path='/dev/b'><freeExtent start='1' end='2'/></device>",
        "<device path='/dev/b'><freeExtent start='5' end='9'/></device>"
        "<device path='/dev/c'><freeExtent start='5' end='9'/></device><format type='unknown'/>",
        "disk",
    ),
    Case(
        _written(
            "<fs:mount_opts><fs:option name='b'/><fs:option name='a'/></fs:mount_opts>"
            "<rbd:config_opts><rbd:option name='b' value='1'/><rbd:option name='a' value='2'/>"
            "</rbd:config_opts>"
        ),
        _pool(
            "<fs:mount_opts><fs:option name='a'/><fs:option name='b'/></fs:mount_opts>"
            "<rbd:config_opts><rbd:option name='a' value='2'/><rbd:option name='b' value='1'/>"
            "</rbd:config_opts>"
        ),
    ),
    Case(
        _written("<rbd:config_opts><rbd:option name='key' value='abc'/></rbd:config_opts>"),
        _pool("<rbd:config_opts><rbd:option name='key' value='abd'/></rbd:config_opts>"),
        ("modify /pool/rbd:config_opts/rbd:option[@name='key']/@value",),
        result="VALUE_HIDDENVALUE_HIDDEN",
    ),
]

_NAME = {"name": "scsi_host1"}
_FIBRE = {
    name: "yes" if name == "managed" else "ab"
    for name in (
        *("parent", "parent_wwnn", "parent_wwpn", "parent_fabric_wwn"),
        *("managed", "wwnn", "wwpn"),
    )
}
_AT = "/pool/source/adapter"
_PARENT = (
    "<parentaddr unique_id='1'><address domain='0x0000' bus='0x00' slot='0x1f' function='0x2'/>"
    "</parentaddr>"
)


def _adapter(kind: str, attributes: dict[str, str], inside: str = "") -> str:
    names = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return f"<adapter type='{kind}'{names}>{inside}</adapter>"


def _of_other_adapter(document: str, dump: str, *changes: str) -> Case:
    return Case(
        f"<pool><source>{document}</source></pool>",
        _pool(kind="scsi", source=dump),
        (f"modify {_AT}/@type", *changes),
        "merge",
    )


ADAPTERS = [
    _of_other_adapter(
        _adapter("scsi_host", _NAME),
        _adapter("fc_host", _FIBRE),
        *(f"remove {_AT}/@{name}" for name in _FIBRE),
        f"add {_AT}/@name",
    ),
    _of_other_adapter(
        _adapter("fc_host", {"wwnn": "ab", "wwpn": "ab"}),
        _adapter("scsi_host", _NAME),
        f"remove {_AT}/@name",
        f"add {_AT}/@wwnn",
        f"add {_AT}/@wwpn",
    ),
    _of_other_adapter(
        _adapter("fc_host", {"wwnn": "ab", "wwpn": "ab"}),
        _adapter("scsi_host", {}, _PARENT),
        f"add {_AT}/@wwnn",
        f"add {_AT}/@wwpn",
        f"remove {_AT}/parentaddr",
    ),
    Case(
        "<pool type='disk'/>",
        _pool(kind="fs", source=f"{_DEVICE}<format type='ext4'/>"),
        ("modify /pool/@type", "modify /pool/source/format/@type"),
        "merge",
    ),
]

MERGES = [
    Case(
        f"<pool><source><auth><secret {said}='b'/></auth></source></pool>",
        _pool(
            kind="rbd",
            source=f"{_HOST}<name>a</name><auth type='ceph' username='u'>"
            f"<secret {there}='09b11c53'/></auth>",
            target="",
        ),
        (
            f"remove /pool/source/auth/secret/@{there}",
            f"add /pool/source/auth/secret/@{said}",
        ),
        "merge",
    )
    for said, there in (("uuid", "usage"), ("usage", "uuid"))
]

UNKEPT = [
    _source("<vendor name=''/><product name=''/>", "", "dir"),
    _source(
        f"{_DEVICE}<format type='ext4'><vendor name='v'/><product name='p'/></format>",
        f"{_DEVICE}<format type='ext4'/>",
        "fs",
    ),
    _source(
        f"<host name='h' port='0'/>{_DIR}<format type='auto'/>",
        f"<host name='h'/>{_DIR}<format type='auto'/>",
        "netfs",
    ),
    Case(_written("<fs:mount_opts/>"), _pool()),
    Case(
        _written(target=_permissions("<mode>0711</mode><label/>")),
        _pool(target=_permissions("<mode>0711</mode>")),
    ),
    _source(
        "<adapter type='scsi_host'><parentaddr unique_id='1'><address domain='0x0000' bus='0x00' "
        "slot='0x1f' function='0x2' multifunction='on'/></parentaddr></adapter>",
        "<adapter type='scsi_host'><parentaddr unique_id='1'><address domain='0x0000' bus='0x00' "
        "slot='0x1f' function='0x2'/></parentaddr></adapter>",
        "scsi",
    ),
]

CASES = [*TYPES, *VALUES, *LISTS, *ADAPTERS, *MERGES, *UNKEPT]


@pytest.mark.parametrize("case", CASES)
def test_row(case: Case) -> None:
    check(case, KIND)


def test_each_row_has_a_case() -> None:
    assert rows_without_a_case(ROWS, KIND, CASES) == []


def test_what_a_type_has_no_use_for() -> None:
    assert not uses("dir", "name")
    assert uses("logical", "name")
    assert not uses("dir", "format")
    assert uses("netfs", "host")
    assert uses("dir", "vendor")
