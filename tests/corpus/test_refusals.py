# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode refuses a document exactly where libvirt would refuse to define it."""

from __future__ import annotations

import pathlib
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError

from . import documents

#: Documents whose mistake check mode doesn't see.
UNSEEN = (
    # It is in their interfaces, which libvirt isn't asked about.
    "net-user-passt",
    "net-virtio-rxqueuesize-invalid-size",
    # The same, of libvirts since 11.3.
    "net-vhostuser-multiq",
    # Its error is one of those that the start of a guest has too.
    "disk-usb-pci",
)


def test_check_mode_refuses_what_the_run_refuses(path: pathlib.Path, host: t.Any) -> None:
    text = documents.document(path)
    try:
        foreseen = None
        host.task(text, check_mode=True)
    except ExpectedError as error:
        foreseen = str(error)
    try:
        refused = None
        host.define(text)
        host.remove(documents.name_of(path))
    except libvirt.libvirtError as error:
        refused = error.get_error_message()
    assert host.raw.isAlive()
    if refused is None or path.stem in UNSEEN:
        assert foreseen is None
    else:
        assert foreseen is not None
        assert " ".join(refused.split()) in foreseen
