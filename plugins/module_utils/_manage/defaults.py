# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options over defaults."""

from __future__ import annotations

import collections.abc
import typing as t


def merged(defaults: t.Mapping[str, t.Any], own: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A guest's own options over the defaults; dictionaries in both are merged."""
    result = dict(defaults)
    for key, value in own.items():
        under = result.get(key)
        if isinstance(value, collections.abc.Mapping) and isinstance(
            under, collections.abc.Mapping
        ):
            result[key] = merged(under, value)
        else:
            result[key] = value
    return result
