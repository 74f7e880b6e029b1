# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the engine knows about secrets."""

from __future__ import annotations

from .._xmltree.element import Element
from .book import RuleBook
from .context import Context
from .kind import Kind
from .rows import ASSIGNED, Fill, Same, Stored
from .spelling import same_by, uuid

#: By the type of a usage, the element that names what the secret is for.
USAGE_IDS = {
    "volume": "volume",
    "ceph": "name",
    "iscsi": "target",
    "tls": "name",
    "vtpm": "name",
}


def usage(_context: Context, written: Element) -> Element | None:
    """virSecretDefFormat: a usage that is none is not written, nor is what its type has no use for."""
    tag = USAGE_IDS.get(written.get("type") or "")
    if tag is None:
        return None if written.get("type") == "none" else written
    if all(child.tag == tag for child in written.children):
        return written
    return written.replaced(children=written.all(tag))


ROWS = (
    Same("uuid/text()", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    Fill("uuid", ASSIGNED, "virSecretParseXML: one is drawn, and known by the usage from then on"),
    Fill("@{ephemeral,private}", "no", "virSecretDefFormat writes both"),
    Stored("usage", usage, "virSecretDefFormat, virSecretDefFormatUsage"),
)

#: The document holds no secret: the value is no part of it.
KIND = Kind(
    "secret", "secret", "secret", RuleBook("secret", ROWS), RuleBook("secret", ()), named=""
)
