# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definition of a clone while it is made: its notes, and its end if it can't be completed."""

from __future__ import annotations

from .._virtinst.clone.origin import PREFIX, URI, Origin
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .cloned_volumes import ClonedVolumes
from .domains import Domain
from .errors import HypervisorError, is_code
from .libvirt_import import libvirt
from .removal import has_nvram, has_tpm
from .tpm_state import remove_copy

#: virDomainUndefineFlagsValues.
_KEEP_NVRAM = 1 << 3


def note_origin(clone: Domain, origin: Origin) -> None:
    """Write the origin into the metadata of a clone.

    :raises HypervisorError: libvirt refuses.
    """
    with clone.connection.explained("note the origin of the clone"):
        clone.raw.setMetadata(
            libvirt.VIR_DOMAIN_METADATA_ELEMENT,
            # libvirt adds the prefix and the namespace.
            serialise(_plain(origin)),
            PREFIX,
            URI,
            libvirt.VIR_DOMAIN_AFFECT_CONFIG,
        )


def _plain(origin: Origin) -> Element:
    element = origin.element()
    children = [
        Element(child.tag.rpartition("}")[2], child.attributes) for child in element.children
    ]
    return Element(element.tag.rpartition("}")[2], element.attributes, children=children)


def unmake(clone: Domain, origin: Origin, is_of_this_task: bool) -> list[str]:
    """Remove an incomplete clone, with what is its own; nothing else.

    ``is_of_this_task``: this task has just made it, and no earlier one.
    The result has a text for each file that stays.

    :raises HypervisorError: someone has started it, or libvirt refuses.
    """
    if clone.fresh().facts().active:
        raise HypervisorError(
            "it was not completed, and someone has started it, so that it can't be made anew; stop it with "
            "domain_state, then run the task again"
        )
    connection = clone.connection
    left = ClonedVolumes(connection, lambda _path, _stage: None).remove(
        clone, origin, is_of_this_task
    )
    definition = clone.document()
    if has_tpm(definition):
        remove_copy(connection, clone.uuid)
    with connection.explained("undefine the incomplete clone"):
        try:
            clone.raw.undefineFlags(_KEEP_NVRAM if has_nvram(definition) else 0)
        except libvirt.libvirtError as error:
            if not is_code(error, "VIR_ERR_NO_DOMAIN"):
                raise
    connection.cache.clear()
    return left
