# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security labels of the domain."""

from __future__ import annotations

import typing as t

from ...._xmltree.element import Element
from ..settings import Settings

if t.TYPE_CHECKING:
    from ...guest import Guest


def find(guest: Guest, settings: Settings) -> Element | None:
    """The domain's label of the same model."""
    if not guest.exists:
        return None
    model, labels = settings.get("model"), guest.root.all("seclabel")
    if model is None and len(labels) == 1:
        return labels[0]
    return next((label for label in labels if model and label.get("model") == model), None)
