# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names a domain can have."""

from __future__ import annotations

from ..errors import TaskError

#: Drivers with VIR_DOMAIN_DEF_FEATURE_NAME_SLASH.
_WITH_SLASH = ("vmware",)


def check_name(name: str, virt_type: str | None = None) -> None:
    """See that libvirt defines a domain with this name (virDomainDefPostParse).

    ``virt_type`` is the domain's type, where it is known.

    :raises TaskError: it doesn't.
    """
    if "\n" in name or name == ".." or ("/" in name and virt_type not in _WITH_SLASH):
        raise TaskError(
            f"the name {name!r} can't be: libvirt takes no slash, no line break and no '..'; choose "
            "another"
        )


def check_new_name(name: str, virt_type: str | None = None) -> None:
    """The same for a domain that is to be made, whose name has no blanks at its ends and no tabs.

    libvirt takes those. But blanks there come from a cell of a table, and another name is meant;
    and a tab is read as a blank where it is a part of the path of an image.

    :raises TaskError: it can't be.
    """
    if name != name.strip():
        raise TaskError(
            f"name {name!r} has blanks at its ends, and there is no such domain; write "
            f"{name.strip()!r}"
        )
    if any(character < " " for character in name if character != "\n"):
        raise TaskError(f"the name {name!r} has a control character; choose another")
    check_name(name, virt_type)


def may_be(name: str) -> bool:
    """Whether a domain that is to be made can have this name."""
    try:
        check_new_name(name)
    except TaskError:
        return False
    return True
