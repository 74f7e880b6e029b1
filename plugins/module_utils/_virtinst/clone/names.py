# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of what a clone gets of its own, which follow from those of its source."""

from __future__ import annotations

import hashlib
import posixpath
import re
import typing as t
import uuid

from ..._xmltree.element import Element

#: No longer ending of a file's name is taken for its type; virt-clone has the same limit.
_LONGEST_ENDING = 7
#: The endings that say which format an image has.
_ENDINGS = {"qcow2": ".qcow2", "raw": ".raw"}


def renamed(path: str, source: str, clone: str) -> str:
    """The path of a clone's own file: ``/images/web-1.qcow2`` of ``web`` becomes ``/images/web2-1.qcow2``.

    A file that isn't called after its domain gets the clone's name as well:
    ``/images/root-web2.qcow2``, so that two clones of one domain have two.
    """
    folder, name = posixpath.split(path)
    if re.match(f"{re.escape(source)}(?![A-Za-z0-9])", name):
        return posixpath.join(folder, clone + name[len(source) :])
    stem, ending = _split(name)
    return posixpath.join(folder, f"{stem}-{clone}{ending}")


def base_name(path: str, chain: t.Iterable[str]) -> str:
    """The path of the image that an overlay is named after; ``chain`` is below it, the nearest first.

    libvirt calls the overlay of a snapshot after the image, with the snapshot's name in place of the
    ending (virDomainSnapshotAlignDisks): ``web.qcow2`` gets ``web.s1``, and that ``web.s2``.
    """
    for base in chain:
        if _stem(base) != _stem(path):
            break
        path = posixpath.join(posixpath.dirname(path), posixpath.basename(base))
    return path


def _stem(path: str) -> str:
    name = posixpath.basename(path)
    return name.rpartition(".")[0] or name


def of_format(name: str, form: str) -> str:
    """A file's name whose ending doesn't say another format than this."""
    stem, ending = _split(name)
    return stem + _ENDINGS.get(form, ending) if ending in _ENDINGS.values() else name


def numbered(path: str, number: int) -> str:
    """Another name for a file: ``/log/web2.log`` becomes ``/log/web2-1.log``."""
    folder, name = posixpath.split(path)
    stem, ending = _split(name)
    return posixpath.join(folder, f"{stem}-{number}{ending}")


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not (dot and stem) or len(ending) > _LONGEST_ENDING:
        return name, ""
    return stem, f".{ending}"


class Chosen:
    """What identifies a clone, made from a seed: check mode chooses the same as the run.

    ``host`` keeps apart the clones of domains that have one UUID on two hosts.
    """

    def __init__(self, host: str, source_uuid: str, clone: str) -> None:
        self._seed = f"{host}\n{source_uuid}\n{clone}"

    def uuid(self, is_taken: t.Callable[[str], bool]) -> str:
        """A UUID that isn't taken."""
        number = 0
        while True:
            # Version and variant as those of a random UUID: RFC 9562.
            found = str(uuid.UUID(bytes=self._bytes("uuid", number)[:16], version=4))
            if not is_taken(found):
                return found
            number += 1

    def mac(self, old: str, is_taken: t.Callable[[str], bool]) -> str:
        """A MAC address that isn't taken, of the same maker as the old one where QEMU or Xen is that."""
        maker = old.lower()[:8] if old.lower()[:8] in _MAKERS else _MAKERS[0]
        number = 0
        while True:
            rest = self._bytes(f"mac {old.lower()}", number)[:3]
            found = ":".join([maker, *(f"{byte:02x}" for byte in rest)])
            if not is_taken(found):
                return found
            number += 1

    def _bytes(self, what: str, number: int) -> bytes:
        return hashlib.sha256(f"{self._seed}\n{what}\n{number}".encode()).digest()


#: virt-install's generate_mac: QEMU's and KVM's, and Xen's.
_MAKERS = ("52:54:00", "00:16:3e")


def macs_of(document: Element) -> list[str | None]:
    """The MAC address of each interface of a document, in their order."""
    return [interface.value("mac/@address") for interface in document.findall("devices/interface")]
