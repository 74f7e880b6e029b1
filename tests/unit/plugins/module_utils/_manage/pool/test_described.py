# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of pools that exist."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._manage.pool.described import (
    options_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


def test_a_pool_of_a_server() -> None:
    text = (
        "<pool type='netfs'><name>a</name><source><host name='nas' port='2049'/><dir path='/export'/>"
        "<format type='nfs'/></source><target><path>/mnt/a</path><permissions><mode>0711</mode>"
        "<owner>0</owner></permissions></target></pool>"
    )
    assert options_of(parse(text)) == {
        "type": "netfs",
        "source": {
            "hosts": [{"name": "nas", "port": 2049}],
            "dir": "/export",
            "format": "nfs",
        },
        "target": {"path": "/mnt/a", "permissions": {"mode": "0711", "owner": "0"}},
    }


def test_an_adapter_and_a_secret() -> None:
    text = (
        "<pool type='scsi'><source><adapter type='scsi_host'><parentaddr unique_id='2'>"
        "<address domain='0x0' bus='0x0' slot='0x1f' function='0x2'/></parentaddr></adapter>"
        "<auth type='ceph' username='admin'><secret usage='ceph'/></auth></source></pool>"
    )
    found = options_of(parse(text))["source"]
    assert found["adapter"]["unique_id"] == 2
    assert found["adapter"]["parent_address"]["slot"] == "0x1f"
    assert found["auth"] == {"type": "ceph", "username": "admin", "secret": {"usage": "ceph"}}
