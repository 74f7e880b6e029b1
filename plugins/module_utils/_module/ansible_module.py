# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's module class, which neither logs nor returns secrets, and suggests options."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._compiled import keep_what_there_is
from .._secrecy import HIDDEN, hidden_in
from .option_hints import unknown_option, unknown_sub_options
from .secrets import Reader, unmask
from .spec import readable_params

#: The beginning of Ansible's message about unknown options.
_UNSUPPORTED = "Unsupported parameters for "


class Module(AnsibleModule):  # type: ignore[misc]
    """As ``AnsibleModule``; secrets among the options are hidden before any is shown."""

    params: dict[str, t.Any]

    def __init__(self, *args: t.Any, reader: type[Reader] = Reader, **kwargs: t.Any) -> None:
        keep_what_there_is()
        # Ansible logs the options, and fails, while it makes the module.
        self.reader = reader
        super().__init__(*args, **kwargs)

    def _load_params(self) -> None:
        """Read the task's options."""
        super()._load_params()
        self.params = readable_params(self.argument_spec, self.params)

    def _log_invocation(self) -> None:
        """Write the options into the system's log."""
        for name, value in self.params.items():
            if not all(map(_is_text, _texts(value))):
                self.fail_json(
                    msg=f"{name} has a character that no document can have, NUL or half of a "
                    "surrogate pair; correct it"
                )
        params = self.params
        self.params = {name: value for name, value in self._shown().items() if value is not None}
        try:
            super()._log_invocation()
        finally:
            self.params = params

    def fail_json(self, msg: str, **kwargs: t.Any) -> t.NoReturn:
        """Fail without secrets, also before the options were read: they are in the result."""
        unknown = self._unknown_options()
        if unknown:
            # A required one may be among them, misspelt.
            msg = unknown if str(msg).startswith(_UNSUPPORTED) else f"{unknown}; {msg}"
        self.params = self._shown()
        # From here on they are hidden where they stand.
        unmask(self)
        message = " ".join(_cleaned(hidden_in(str(msg))).split())
        super().fail_json(msg=message, **kwargs)
        raise SystemExit(1)

    def warn(self, warning: str, **kwargs: t.Any) -> None:
        """Warn without secrets: a warning may quote a value."""
        super().warn(hidden_in(warning), **kwargs)

    def _shown(self) -> dict[str, t.Any]:
        given, names, reader = self._given(), self._names(), self.reader()
        known = {name: value for name, value in given.items() if name in names}
        # What isn't an option may be a misspelt one.
        unknown = {name: value for name, value in given.items() if name not in names}
        reader.unread(list(unknown.values()))
        shown = {**reader.params(known), **dict.fromkeys(unknown, HIDDEN)}
        return {
            _cleaned(name): value if all(map(_is_text, _texts(value))) else HIDDEN
            for name, value in shown.items()
        }

    def _given(self) -> dict[str, t.Any]:
        return {k: v for k, v in self.params.items() if not str(k).startswith("_ansible")}

    def _names(self) -> list[str]:
        """All names of the options; main names come before aliases."""
        return [*getattr(self, "argument_spec", {}), *getattr(self, "aliases", {})]

    def _unknown_options(self) -> str:
        """Suggestions for unknown options and sub-options; empty if all are known."""
        names, given = self._names(), self._given()
        lines = [unknown_option(str(name), names) for name in given if name not in names]
        # Ansible calls this method before it has a spec where the options can't be read.
        lines += unknown_sub_options(getattr(self, "argument_spec", {}), given)
        return "; ".join(dict.fromkeys(lines))


def _texts(value: object) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, t.Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _is_text(text: str) -> bool:
    return "\0" not in text and (text.isascii() or _cleaned(text) == text)


def _cleaned(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
