# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checking the name of a domain."""

from __future__ import annotations

from ..._rules.name_lengths import LONGEST_NAME, bytes_of
from ..errors import TaskError

#: Drivers with VIR_DOMAIN_DEF_FEATURE_NAME_SLASH.
_WITH_SLASH = ("vmware",)


def check_name(name: str, virt_type: str | None = None) -> None:
    """Check that libvirt defines a domain with this name (virDomainDefPostParse).

    ``virt_type`` is the domain's type, where it is known.

    :raises TaskError: libvirt doesn't.
    """
    if "\n" in name or name in (".", "..") or ("/" in name and virt_type not in _WITH_SLASH):
        raise TaskError(
            f"the name {name!r} can't be: libvirt takes no slash, no line break, no '.' and no '..'; choose "
            "another"
        )


def check_new_name(name: str, virt_type: str | None = None) -> None:
    """Check the name of a new domain, which must not have blanks at its ends or tabs.

    libvirt takes them. But blanks at the ends come from cells of tables, and aren't a part of
    the name; and a tab in the path of an image is read as a blank. A name that is too long is noticed
    by libvirt when it writes the definition, after volumes were made for it.

    :raises TaskError: the name can't be used.
    """
    if name != name.strip():
        raise TaskError(
            f"name {name!r} has blanks at its ends, and there is no such domain; write "
            f"{name.strip()!r}"
        )
    if any(character < " " for character in name if character != "\n"):
        raise TaskError(f"the name {name!r} has a control character; choose another")
    length = bytes_of(name)
    if length > LONGEST_NAME:
        raise TaskError(
            f"the name {name[:40]}… has {length} bytes, and libvirt keeps names of {LONGEST_NAME}; choose a shorter one"
        )
    check_name(name, virt_type)


def may_be(name: str) -> bool:
    """Whether a domain that is to be made can have this name."""
    try:
        check_new_name(name)
    except TaskError:
        return False
    return True
