# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing a domain with what libvirt keeps for it, but not its storage."""

from __future__ import annotations

import typing as t

from ..xmltree.element import Element
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt

NVRAM = "nvram"
TPM = "tpm"

#: virDomainUndefineFlagsValues, and the libvirt that introduced each.
_MANAGED_SAVE = 1 << 0
_SNAPSHOTS = 1 << 1
_NVRAM = 1 << 2
_KEEP_NVRAM = 1 << 3
_CHECKPOINTS = 1 << 4
_TPM = 1 << 5
_KEEP_TPM = 1 << 6
_SINCE = {
    _KEEP_NVRAM: 2_003_000,
    _CHECKPOINTS: 5_006_000,
    _TPM: 8_009_000,
    _KEEP_TPM: 8_009_000,
}


def undefine_flags(domain: Domain, definition: Element, keep: t.Collection[str]) -> int:
    """The flags with which this domain can be undefined.

    Only those that it needs, because not every driver knows them all. What is
    in ``keep`` (``nvram``, ``tpm``) stays.

    :raises HypervisorError: the hypervisor is too old to keep it.
    """
    version = domain.connection.version()
    flags = 0
    with domain.connection.explained("read what belongs to the domain"):
        if _count(domain.raw.hasManagedSaveImage):
            flags |= _MANAGED_SAVE
        if _count(domain.raw.snapshotNum):
            flags |= _SNAPSHOTS
        if version >= _SINCE[_CHECKPOINTS] and _count(lambda: len(domain.raw.listAllCheckpoints())):
            flags |= _CHECKPOINTS
    if has_nvram(definition):
        flags |= _KEEP_NVRAM if NVRAM in keep else _NVRAM
    if has_tpm(definition):
        if TPM in keep:
            flags |= _KEEP_TPM
        elif version >= _SINCE[_TPM]:
            flags |= _TPM
    for flag, what in ((_KEEP_NVRAM, NVRAM), (_KEEP_TPM, TPM)):
        if flags & flag and version < _SINCE[flag]:
            raise HypervisorError(
                f"the hypervisor's libvirt is too old to keep the {what} of a domain that is "
                f"undefined; remove {what} from keep, or update libvirt to "
                f"{_SINCE[flag] // 1_000_000}.{_SINCE[flag] // 1_000 % 1_000}"
            )
    return flags


def undefine(domain: Domain, flags: int) -> None:
    """Undefine a domain that isn't running, with :func:`undefine_flags`.

    :raises HypervisorError: libvirt refuses; the definition stays.
    """
    with domain.connection.explained("undefine the domain"):
        try:
            domain.raw.undefineFlags(flags)
        except libvirt.libvirtError as error:
            # Someone else was faster.
            if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise


def has_nvram(definition: Element) -> bool:
    """Whether libvirt keeps the firmware's variables in a file for the domain."""
    system = definition.child("os")
    return system is not None and (
        system.child("nvram") is not None or system.get("firmware") == "efi"
    )


def has_tpm(definition: Element) -> bool:
    """Whether libvirt keeps the state of an emulated TPM for the domain."""
    return any(
        backend.get("type") == "emulator" for backend in definition.findall("devices/tpm/backend")
    )


def _count(query: t.Callable[[], t.Any]) -> int:
    try:
        return int(query())
    except libvirt.libvirtError as error:
        # A driver without the feature has none of it.
        if is_code(error, "VIR_ERR_NO_SUPPORT"):
            return 0
        raise
