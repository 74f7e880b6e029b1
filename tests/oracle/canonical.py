# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.element import Element


def canonical(element: Element) -> t.Any:
    """An element as a value, in which the order of different elements is no difference."""
    children = sorted((canonical(child) for child in element.children), key=lambda one: str(one[0]))
    return element.tag, sorted(element.attributes.items()), (element.text or "").strip(), children
