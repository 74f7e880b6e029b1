# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of the options in the file of an inventory."""

from __future__ import annotations

import difflib
import typing as t

from ...module_utils._manage.errors import TaskError


def check_names(config: t.Mapping[str, t.Any], plugin: t.Any) -> None:
    """Refuse options that the plugin doesn't have; Ansible itself lets them pass.

    :raises TaskError: there is one.
    """
    known = set(plugin.option_definitions)
    for name in config:
        if name not in known:
            close = difflib.get_close_matches(str(name), sorted(known), 1)
            advice = (
                f"did you mean {close[0]}?" if close else "see ansible-doc for those that it has"
            )
            raise TaskError(f"{name} is no option of {plugin.NAME}; {advice}")
