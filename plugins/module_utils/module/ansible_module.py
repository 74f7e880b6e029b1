# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's module, which neither logs nor returns a secret."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ..secrecy import HIDDEN, hidden_in
from .secrets import shown_params


class Module(AnsibleModule):  # type: ignore[misc]
    """As ``AnsibleModule``; the options are hidden before any of them is shown."""

    params: dict[str, t.Any]

    def _log_invocation(self) -> None:
        """What stands in the system's log of the options."""
        params = self.params
        self.params = {name: one for name, one in self._shown().items() if one is not None}
        try:
            super()._log_invocation()
        finally:
            self.params = params

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.NoReturn:
        """Also before the options were read: they are returned along with the message."""
        self.params = self._shown()
        super().fail_json(msg=hidden_in(str(msg)), **kwargs)
        raise SystemExit(1)

    def warn(self, warning: str, **kwargs: t.Any) -> None:
        """A warning may quote a value too."""
        super().warn(hidden_in(warning), **kwargs)

    def _shown(self) -> dict[str, t.Any]:
        params = {k: v for k, v in self.params.items() if not str(k).startswith("_ansible")}
        known = getattr(self, "argument_spec", {})
        shown = shown_params(params)
        names = {*known, *getattr(self, "aliases", {})}
        # What isn't an option may be a misspelt one.
        return {name: one if name in names else HIDDEN for name, one in shown.items()}
