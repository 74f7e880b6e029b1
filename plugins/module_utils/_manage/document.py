# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that a task gives, and the object's name in it."""

from __future__ import annotations

import re
import typing as t

from .._hypervisor.files import content
from .._xmltree.element import Element
from .._xmltree.parse import LARGEST_DOCUMENT, DocumentError, parse
from .errors import TaskError

Text = t.Union[str, bytes]

#: The place of a name in a document that can't be parsed.
_NAME = re.compile(
    rb"<name>\s*([^<>&\s][^<>&]{0,200}?)\s*</name>|"
    rb"<filter\s(?:[^<>]{0,200}\s)?name\s*=\s*[\"']([^<>&\"']{1,200})"
)
_NAME_WITHIN = 64 * 1024
#: The elements that contain devices, and are none.
_WHOLE = ("domain", "devices")


def read_file(path: str) -> bytes:
    """The document in a file.

    :raises TaskError: it can't be read.
    """
    try:
        return content(path, LARGEST_DOCUMENT)
    except OSError as error:
        raise TaskError(
            f"can't read {path}: {error.strerror}; set src to a readable file of the managed host"
        ) from None


def subject(noun: str, name: str | None, text: Text | None, path: str | None) -> str:
    """The words for the object in a message, before its document is parsed."""
    if name is None and text is not None:
        name = name_in(text)
    if name is not None:
        return f"{noun} '{name}'"
    return f"{noun} without a name" if path is None else f"{noun} of {path}"


def name_in(text: Text) -> str | None:
    """The name in a document, which may be one that can't be parsed."""
    start = text[:_NAME_WITHIN]
    found = _NAME.search(start.encode("utf-8", "replace") if isinstance(start, str) else start)
    return None if found is None else (found[1] or found[2]).decode("utf-8", "replace")


def load(text: Text, tag: str) -> Element:
    """The document as a tree, whose root has to be ``tag``.

    :raises DocumentError: the text is no such document.
    """
    _check_is_xml(text)
    try:
        return parse(text, tag)
    except DocumentError as error:
        raise DocumentError(f"{error}; correct the document") from None


def _check_is_xml(text: Text) -> None:
    if isinstance(text, str) and "<" not in text:
        raise DocumentError(
            "the option xml is no XML; set it to a document, that of a file by the lookup "
            "ansible.builtin.file"
        )


def load_device(text: Text) -> Element:
    """The device as a tree.

    :raises DocumentError: the text is no device's XML.
    """
    _check_is_xml(text)
    try:
        device = parse(text)
    except DocumentError as error:
        raise DocumentError(f"{error}; correct xml") from None
    if device.tag in _WHOLE:
        raise DocumentError(
            f"the XML's root element is <{device.tag}>, and it has to be that of one device, such "
            "as <disk>; correct xml"
        )
    return device
