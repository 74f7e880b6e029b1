# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt would refuse to define, found out without defining it.

``virConnectDomainXMLToNative`` reads a document as a definition is read, and refuses it in the
same words. It goes on to what the start of a guest needs, of which a definition needs nothing.
"""

from __future__ import annotations

import re
import typing as t

from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .connection import Connection
from .errors import explained, is_code, reason, remedy
from .libvirt_import import libvirt

#: What was tried with it.
_OLDEST = 9000000
#: The format, which is the only one of the QEMU driver.
_FORMAT = "qemu-argv"
#: What an interface keeps in the document that libvirt is asked about. libvirt 9.0 runs the
#: script of an interface that it looks at, and crashes on one of the type hostdev.
_KEPT = frozenset(["mac", "model", "address", "alias", "boot"])

#: virErrorNumber: mistakes in a document.
_DOCUMENT = frozenset([27, 35])
#: virErrorNumber and virErrorDomain: what is read but can't be, by the parser of domains or by
#: the QEMU driver.
_UNSUPPORTED = frozenset([(67, 20), (67, 10), (8, 20), (19, 20), (20, 20), (1, 20), (1, 49)])
#: Of those, what only the start of a guest refuses; each was accepted by a define.
_OF_START = re.compile(
    # qemuProcessStartValidate
    "Domain requires KVM|TSC frequency"
    # qemuProcessPrepareDomainNUMAPlacement
    "|Advice from numad"
    # qemuBuildCommandLine
    "|VxHS protocol|PowerPC pseries machines do not support floppy|vnc port must be|memory size of NUMA node"
    "|unsupported chardev|does not support backing store|key-wrap'? is not available"
    "|sysinfo are not available|Host SMBIOS information|only 'pci' addresses are supported"
    "|shmem size must be|Could not find .* controller with index|doesn't support 'ports'"
    "|gic-version option is not available|TLS connection is not available"
    "|USB controller model .* not supported"
    # qemuProcessUpdateGuestCPU, and qemuHostdevPrepareDomainDevices by its words of each version
    "|CPU mode .* is not supported by hypervisor|toggling deprecated features"
    "|host-model hyperv mode unsupported"
    "|multiple listens for one graphics|more than one entry to Type 2 in SMBIOS"
    "|doesn't support passthrough of host|device assignment is not supported"
)

#: Words that the table above doesn't take for a definition's, or takes for a start's, with the first
#: libvirt that is known to refuse a define in them.
_OF_DEFINITION = (
    # virQEMUCapsNewForBinaryInternal
    (re.compile("Cannot check QEMU binary"), _OLDEST),
    # qemuFirmwareFillDomain: since 9.2 the firmware is chosen when a domain is defined
    (re.compile("Unable to find '.*' firmware that is compatible"), 9002000),
    # qemuValidateDomainDeviceDefShmem
    (re.compile("shmem size must be"), 11003000),
)

#: A driver may lack the call or the format, and a user may not be allowed to ask.
_NOT_ASKED = (
    "VIR_ERR_NO_SUPPORT",
    "VIR_ERR_INVALID_ARG",
    "VIR_ERR_ACCESS_DENIED",
    "VIR_ERR_OPERATION_DENIED",
)


class Refusal(t.NamedTuple):
    """libvirt's ``words``, and the ``advice`` to a person.

    ``is_of_start`` says that only the start of a guest is refused.
    """

    words: str
    advice: str
    is_of_start: bool


def refusal(connection: Connection, document: Element) -> Refusal | None:
    """Why libvirt wouldn't define the document, or wouldn't start its guest now.

    ``None`` where it would do both, and where the driver can't be asked.

    :raises LostConnection: the connection broke.
    """
    asked = document_to_ask(connection, document)
    if asked is None:
        return None
    try:
        connection.raw.domainXMLToNative(_FORMAT, serialise(asked), 0)
    except libvirt.libvirtError as error:
        if not connection.raw.isAlive():
            with explained("read the document", connection.raw):
                raise
        is_of_definition = _is_of_definition(error, connection.version())
        if not is_of_definition and is_code(error, *_NOT_ASKED):
            return None
        advice = remedy(error) or "correct the document"
        return Refusal(reason(error), advice, not is_of_definition)
    return None


def document_to_ask(connection: Connection, document: Element) -> Element | None:
    """What libvirt can be asked about a document; ``None`` where it can't without danger."""
    if connection.version() < _OLDEST or _kills_libvirt(document):
        return None
    return _without_networks(document)


def _is_of_definition(error: t.Any, version: int) -> bool:
    words = reason(error)
    if any(since <= version and row.search(words) for row, since in _OF_DEFINITION):
        return True
    if _OF_START.search(words):
        return False
    code, domain = error.get_error_code(), error.get_error_domain()
    return code in _DOCUMENT or (code, domain) in _UNSUPPORTED


def _kills_libvirt(document: Element) -> bool:
    """Whether an iSCSI disk has no host; qemuBlockStorageSourceGetISCSIProps reads the first one."""
    return any(
        element.get("protocol") == "iscsi" and element.child("host") is None
        for disk in document.findall("devices/disk")
        for element in disk.walk()
    )


def _without_networks(document: Element) -> Element:
    devices = document.child("devices")
    if devices is None:
        return document
    changed = [
        device.replaced(
            {"type": "user"}, [child for child in device.children if child.tag in _KEPT]
        )
        if device.tag == "interface"
        else device
        for device in devices.children
    ]
    others = [
        devices.replaced(children=changed) if child is devices else child
        for child in document.children
    ]
    return document.replaced(children=others)
