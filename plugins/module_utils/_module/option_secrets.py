# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets among the options that describe a domain as virt-install's do.

A sub-option is secret if the place that it writes is; _rules.domain.secrets has those places.
"""

from __future__ import annotations

import functools
import re
import shlex
import typing as t

from .. import _secrecy
from .._hypervisor.uri import secrets_of_uri, shown_uri
from .._reconcile.redact import secrets_of_value
from .._rules.book import PathRules
from .._rules.domain.book import DOMAIN
from .._rules.rows import Secret
from .._secrecy import HIDDEN
from .._virtinst.options.rows import Group, Option
from .._virtinst.options.table import GROUPS
from .secrets import Reader

#: Options that other modules have too. An entry with no others is one of theirs, such as a volume of
#: ``estate``, whose ``features`` are no guest's.
_SIMPLE = frozenset(
    [
        # Of all modules, and of those about domains.
        *("uri", "auth", "timeout", "name", "xml", "src", "state", "mode", "validate", "keep"),
        *("remove_volumes", "affect", "restart", "live_timeout", "shutdown", "autostart", "wait"),
        *("reinstall", "remember", "addresses", "gather", "agent_timeout", "ssh_keys", "password"),
        *("command", "fstrim", "filesystems", "tags", "force", "uuid", "description"),
        # Of a guest's screen and keyboard.
        *("text", "path", "screen", "owner", "group", "keys", "layout", "hold_time", "delay"),
        # Of secrets.
        *("usage", "ephemeral", "private", "update_value", "value", "value_base64"),
        # Of networks.
        *("bandwidth", "bridge", "dns", "dnsmasq_options", "forward", "ips", "ipv6", "isolated"),
        *("mac", "mtu", "portgroups", "reconnect", "routes", "title", "trust_guest_rx_filters"),
        *("virtualport", "vlan"),
        # Of pools.
        *("type", "source", "target", "features", "refresh", "mount_options", "ceph_options"),
        *("build", "delete_data"),
        # Of volumes.
        *("pool", "capacity", "allocation", "preallocation", "format", "cluster_size", "backing"),
        *("encryption", "permissions", "nocow", "clone_from", "shrink", "wipe", "users", "image"),
        *("content", "content_base64", "content_src"),
    ]
)
_LINE = "virt_install"
#: The option ``xpath``, whose group has the name of whole documents.
_RENAMED = {"xpath": "xml"}
_ALIASES = {
    alias: name
    for name, group in GROUPS.items()
    for alias in group.aliases
    if alias not in ("xml", "xpath")
}
_PREDICATE = re.compile(r"\[[^\]]*\]")
_ASSIGNMENT = re.compile(r"((?:[^=\[]|\[[^\]]*\])*)=(.*)", re.DOTALL)


class OptionReader(Reader):
    """Reads the options that have sub-options, too."""

    def params(self, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The options without their secrets, which no message quotes from then on."""
        if _SIMPLE.issuperset(params):
            return Reader().params(params)
        return super().params(params)

    def option(self, name: str, value: t.Any) -> t.Any:
        """One option of a module or of an entry of ``domains``."""
        if value is None or isinstance(value, bool):
            return value
        name = _ALIASES.get(name, name)
        if name == _LINE:
            return self._line(value)
        group = None if name == "xml" else GROUPS.get(_RENAMED.get(name, name))
        return super().option(name, value) if group is None else self._group(group, value)

    def _group(self, group: Group, value: t.Any) -> t.Any:
        if isinstance(value, (list, tuple)):
            return [self._group(group, entry) for entry in value]
        if isinstance(value, t.Mapping):
            return self._nested(group, "", value)
        return self._string(group, value) if isinstance(value, str) else value

    def _nested(self, group: Group, prefix: str, value: t.Any) -> t.Any:
        if isinstance(value, t.Mapping):
            shown = {}
            for key, part in value.items():
                name = f"{prefix}.{key}" if prefix else str(key)
                # {set: PLACE, value: …}, also with dotted names.
                place = value.get(f"{str(key)[: -len('value')]}set")
                is_value = str(key).endswith("value") and isinstance(place, str)
                if is_value and _is_secret_place(group, str(place)):
                    self.unread(part)
                    shown[key] = HIDDEN
                else:
                    shown[key] = self._sub_option(group, name, part)
            return shown
        if isinstance(value, (list, tuple)):
            return [self._nested(group, prefix, part) for part in value]
        return self.plain(value)

    def _sub_option(self, group: Group, name: str, value: t.Any) -> t.Any:
        found = group.option(name)
        row = None if found is None else _row_of(group, found[0])
        if row is not None and value is not None:
            return self._by_row(row, value)
        if isinstance(value, (t.Mapping, list, tuple)):
            if self.is_secret(name.rpartition(".")[2], value):
                return HIDDEN
            return self._nested(group, name, value)
        if isinstance(value, str) and (name.startswith("xpath") or group.name == "xml"):
            return self._assignment(group, value)
        return HIDDEN if self.is_secret(name, value) else self.plain(value)

    def _by_row(self, row: Secret, value: t.Any) -> t.Any:
        """A value that is written to the place of a secret."""
        if row.parts and isinstance(value, str):
            parts = secrets_of_value(row, value)
            for part in parts:
                self.unread(part)
            return HIDDEN if parts else self.plain(value)
        self.unread(value)
        return HIDDEN

    def _assignment(self, group: Group, text: str) -> str:
        """``PLACE=VALUE``, the form of a sub-option of xpath."""
        place, _blank, rest = text.strip().partition(" ")
        if rest and _is_secret_place(group, place):
            # Neither an equals sign nor anything else has been written in between.
            self.unread(rest)
            return HIDDEN
        found = _ASSIGNMENT.fullmatch(text)
        if found is None:
            if _secrecy.is_secret_name(text):
                self.unread(text)
                return HIDDEN
            return text
        if not _is_secret_place(group, found[1]):
            return f"{found[1]}={self.text(found[2])}"
        self.unread(found[2])
        return f"{found[1]}={HIDDEN}"

    def _string(self, group: Group, text: str) -> str:
        """virt-install's own form, also where it can't be read."""
        has_secret = is_open = False
        place = ""
        if group.text is not None:
            for name, value in group.text(text):
                if name.endswith(".value") and _is_secret_place(group, place):
                    self.unread(value)
                    return HIDDEN
                place = value or "" if name.endswith(".set") else place
                has_secret = has_secret or self._sub_option(group, name, value) != value
            return HIDDEN if has_secret else text
        for number, part in enumerate(text.split(",")):
            name, equals, value = part.strip().partition("=")
            name = name.strip(" \"'")
            found = group.option(name)
            if not equals and not is_open and number < len(group.first):
                continue
            if found is None and is_open:
                # The rest of a secret that has a comma.
                self.unread(part)
            elif found is None and equals and _is_below_secret(group, name):
                self.unread(value)
                has_secret = is_open = True
            elif found is None and _secrecy.is_secret_name(part):
                self.unread(value if equals and _secrecy.is_secret_name(name) else part)
                has_secret = is_open = True
            elif equals:
                value = value.strip("\"'")
                if name.startswith("xpath") and name.endswith(".set"):
                    place = value
                is_value = name.endswith(".value") and _is_secret_place(group, place)
                hidden = HIDDEN if is_value else self._sub_option(group, name, value)
                if is_value:
                    self.unread(value)
                is_open = hidden != value
                has_secret = has_secret or is_open
            else:
                is_open = False
        return HIDDEN if has_secret else text

    # A command line.

    def _line(self, value: object) -> object:
        if not isinstance(value, str):
            self.unread(value)
            return HIDDEN
        try:
            words = shlex.split(re.sub(r"\\\r?\n", " ", value))
        except ValueError:
            words = value.split()
        name, last, has_secret = "", "", False
        for word in words:
            flag, equals, text = word.partition("=")
            if word.startswith("-"):
                name, is_value = _option_of(flag), bool(equals)
                if not word.startswith("--") and len(word) > 2:
                    text, is_value = word[2:], True
            else:
                text, is_value = word, True
            if not is_value:
                continue
            if has_secret and not word.startswith("-") and name == "":
                # The rest of a secret that has a blank.
                self.unread(text)
                continue
            # Without quotes a blank ends a value, and what follows belongs to it.
            shown = self.option(name or last, text) if name or last else self.plain(text)
            if name == "connect":
                _secrecy.keep(secrets_of_uri(text))
                shown = shown_uri(text)
                has_secret = has_secret or ":" in text.partition("://")[2]
            has_secret = has_secret or shown != text
            name, last = "", name or last
        return HIDDEN if has_secret else value


def _row_of(group: Group, option: Option) -> Secret | None:
    """The row for the place that a sub-option writes."""
    if option.path is None:
        return None
    path = option.path if option.path.startswith("/") else f"/{group.path}/{option.path}"
    return _row_at(path)


def _is_below_secret(group: Group, name: str) -> bool:
    """Whether an unknown name begins like a secret sub-option, such as ``entry0.value``."""
    found = group.option(name.rpartition(".")[0])
    return found is not None and _row_of(group, found[0]) is not None


@functools.cache
def _row_at(path: str) -> Secret | None:
    steps = [step for step in _PREDICATE.sub("", path).split("/") if step not in ("", ".")]
    about = steps.pop() if steps and steps[-1].startswith("@") else "text()"
    place: PathRules = DOMAIN.top
    for step in steps:
        place = DOMAIN.place("/".join(filter(None, (place.path, step))))
    return place.secrets.get(about)


def _is_secret_place(group: Group, path: str) -> bool:
    """Whether an XPath of a group leads to a secret."""
    if not path:
        return False
    last = _PREDICATE.sub("", path).rpartition("/")[2].lstrip("@")
    if _secrecy.is_secret_name(last):
        return True
    plain = path.removeprefix("/domain") if hasattr(str, "removeprefix") else path
    if _row_at(plain) is not None:
        return True
    return path.startswith(".") and _row_at(f"{group.path}/{path[1:]}") is not None


@functools.lru_cache(maxsize=1)
def _flags() -> dict[str, str]:
    """The options of a module by virt-install's flags."""
    names = {flag: name for name, group in GROUPS.items() for flag in group.flags}
    names["--xml"] = "xpath"
    return {
        **names,
        "--cloud-init": "cloud_init",
        "--unattended": "unattended",
        "--connect": "connect",
        "-x": "extra_args",
        "--extra-args": "extra_args",
        "--install": "install",
        "--location": "location",
        "--cdrom": "cdrom",
    }


def _option_of(flag: str) -> str:
    """The option of a flag, which may be shortened; any name for an unknown flag."""
    flags = _flags()
    if flag in flags:
        return flags[flag]
    close = [
        name for full, name in flags.items() if flag.startswith("--") and full.startswith(flag)
    ]
    return close[0] if close else "other"
