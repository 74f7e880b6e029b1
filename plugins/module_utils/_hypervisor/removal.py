# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing a domain with the files that libvirt keeps for it, but without its storage."""

from __future__ import annotations

import typing as t

from .._rules.versions import version_words
from .._xmltree.element import Element
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt
from .nvram import looked_at

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


class Belonging(t.NamedTuple):
    """Something that libvirt keeps for a domain: its kind, and words about it."""

    name: str
    what: str


class Undefining(t.NamedTuple):
    """The way to undefine a domain: libvirt's flags, what goes with it, and what stays."""

    flags: int
    gone: tuple[Belonging, ...] = ()
    kept: tuple[Belonging, ...] = ()
    notes: tuple[str, ...] = ()


def undefining(domain: Domain, definition: Element, keep: t.Collection[str]) -> Undefining:
    """The way to undefine this domain.

    It has only the flags that the domain needs, because not every driver knows them all. The
    parts in ``keep`` (``nvram``, ``tpm``) stay, and so does an NVRAM that something else may use.

    :raises HypervisorError: the hypervisor is too old to keep a part.
    """
    version = domain.connection.version()
    flags = 0
    gone: list[Belonging] = []
    kept: list[Belonging] = []
    notes: tuple[str, ...] = ()
    with domain.connection.explained("read what belongs to the domain"):
        if _count(domain.raw.hasManagedSaveImage):
            flags |= _MANAGED_SAVE
            gone.append(Belonging("saved state", "there"))
        if _count(domain.raw.snapshotNum):
            flags |= _SNAPSHOTS
            gone += [_described("snapshot", entry) for entry in domain.raw.listAllSnapshots(0)]
        if version >= _SINCE[_CHECKPOINTS]:
            checkpoints = _listed(domain.raw.listAllCheckpoints)
            flags |= _CHECKPOINTS if checkpoints else 0
            gone += [_described("checkpoint", entry) for entry in checkpoints]
    if has_nvram(definition):
        nvram = looked_at(domain, definition, NVRAM in keep)
        flags |= _NVRAM if nvram.goes else _KEEP_NVRAM
        if nvram.path is not None and nvram.exists:
            (gone if nvram.goes else kept).append(Belonging(f"nvram {nvram.path}", nvram.what))
        if nvram.why is not None:
            notes = (
                f"the NVRAM {nvram.path} stays, because it {nvram.why}; delete it yourself if "
                "nothing needs it",
            )
    if has_tpm(definition):
        state = Belonging("tpm state", _tpm_version(definition))
        if TPM in keep:
            flags |= _KEEP_TPM
            kept.append(state)
        elif version >= _SINCE[_TPM]:
            flags |= _TPM
            gone.append(state)
    for flag, what in ((_KEEP_NVRAM, NVRAM), (_KEEP_TPM, TPM)):
        if flags & flag and version < _SINCE[flag]:
            raise HypervisorError(
                f"the hypervisor's libvirt is too old to keep the {what} of a domain that is "
                f"undefined; remove {what} from keep, or update libvirt to "
                f"{version_words(_SINCE[flag])}"
            )
    return Undefining(flags, tuple(gone), tuple(kept), notes)


def undefine(domain: Domain, flags: int) -> None:
    """Undefine a domain that isn't running, with the flags of :func:`undefining`.

    :raises HypervisorError: libvirt refuses; the definition stays.
    """
    with domain.connection.explained("undefine the domain"):
        try:
            domain.raw.undefineFlags(flags)
        except libvirt.libvirtError as error:
            # Another client was faster.
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


def _described(what: str, raw: t.Any) -> Belonging:
    return Belonging(f"{what} {raw.getName()}", "there, what libvirt knows of it")


def _tpm_version(definition: Element) -> str:
    backends = definition.findall("devices/tpm/backend")
    version = next((backend.get("version") for backend in backends if backend.get("version")), None)
    return f"version {version}" if version else "there"


def _listed(query: t.Callable[[], t.Any]) -> list[t.Any]:
    try:
        return list(query())
    except libvirt.libvirtError as error:
        # A driver without the feature has no such objects.
        if is_code(error, "VIR_ERR_NO_SUPPORT"):
            return []
        raise


def _count(query: t.Callable[[], t.Any]) -> int:
    try:
        return int(query())
    except libvirt.libvirtError as error:
        # A driver without the feature has no such objects.
        if is_code(error, "VIR_ERR_NO_SUPPORT"):
            return 0
        raise
