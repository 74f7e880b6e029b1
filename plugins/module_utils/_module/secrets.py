# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of a task's options are secret, or have a secret in them."""

from __future__ import annotations

import base64
import contextlib
import functools
import re
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .. import _secrecy
from .._hypervisor.uri import secrets_of_uri, shown_uri
from .._secrecy import HIDDEN

if t.TYPE_CHECKING:
    from .._rules.book import PathRules

#: Options that are hidden as a whole, and whose every text is secret.
_ALL_OF = ("cloud_init", "unattended")
#: What of them may be the path of a file.
_PATHS = frozenset(
    [
        *("user_data", "meta_data", "network_config", "root_password_file", "root_ssh_key"),
        *("ssh_key", "clouduser_ssh_key", "admin_password_file", "user_password_file"),
    ]
)
#: What is a plain word there, which messages may quote.
_PLAIN = frozenset(["profile"])
#: What may stand there without a value.
_NAMES = ("", "disable", "root_password_generate", "none", "default")
#: Those that are hidden as a whole, because documents may be in them.
_HIDDEN = ("xml", "match", "domains", "defaults", "secrets", "nwfilters", "pools", "volumes")
#: The value of a secret of libvirt's, as text and coded.
_VALUES = ("value", "value_base64")
#: What a secret is for, as far as it may be shown; else its value is misplaced there.
_USAGE, _OF_USAGE = "usage", ("type", "id")
#: The content of a new volume, and the file that has it.
_CONTENTS = ("content", "content_base64")
#: What is typed on a guest's keyboard.
_TEXT = "text"
#: Options of Ceph, of which one may be its key.
_CEPH = "ceph_options"
#: How a secret of libvirt's is named, which tells nothing of its value.
_REFERENCE, _OF_REFERENCE = "secret", frozenset(["type", "uuid", "usage"])
_URI, _AUTH = "uri", "auth"
#: What is shown of the options of a guest's agent; other keys may be misspelt ones of a secret.
_OF_AGENT = {"password": ("user", "encrypted"), "command": ("argv", "creates", "timeout")}
#: What of them is hidden.
_HIDDEN_OF_AGENT = {"password": ("value",), "command": ("stdin",)}
#: What objects are called.
_CALLED = ("name", "domain")
_WORDS = "passw|passphrase|secret|token|credential"
# Each looks only a little way from a word that is found quickly, so that no text takes long.
_ATTRIBUTE = re.compile(
    rf"(?:{_WORDS})[\w:.-]{{0,32}}\s{{0,9}}=\s{{0,9}}(?:\"([^\"]*)|'([^']*))", re.IGNORECASE
)
_ELEMENT = re.compile(
    rf"<(?:(?:[\w.-]{{0,32}}:)?[\w.-]{{0,32}}?(?:{_WORDS})[\w.-]{{0,32}}|cookie|entry|session|dhCert|"
    r"initenv)\b[^<>]{0,200}>([^<]*(?:<[^<]*){0,3})",
    re.IGNORECASE,
)
#: Where a value of QEMU's arguments stands.
_QEMU_VALUE = re.compile(
    r"<qemu:(?:arg|env)\b[^<>]{0,200}?\bvalue\s{0,9}=\s{0,9}(?:\"([^\"]*)|'([^']*))"
)


def uncover(module: AnsibleModule) -> dict[str, t.Any]:
    """The options as they were given; from then on nothing shows the secrets among them.

    They are overwritten in ``module.params``, which Ansible returns, and kept from messages.
    Ansible itself hides each text that an option with ``no_log`` has, wherever it occurs, so
    that no result could say ``vnc`` any more; that is ended. Results and diffs hide secrets by
    where they stand.
    """
    _secrecy.forget()
    params = dict(module.params)
    module.params.update(module.reader().params(params))
    unmask(module)
    return params


def unmask(module: AnsibleModule) -> None:
    """End that Ansible hides each text of some options, also as a part of our own words."""
    # Since ansible-core 2.22 there may be no such attribute.
    masked: set[str] = getattr(module, "no_log_values", set())
    masked.clear()


class Reader:
    """Reads options for what is secret in them; what it returns may be shown."""

    def params(self, params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The options without their secrets, which no message quotes from then on."""
        return {name: self.option(str(name), value) for name, value in params.items()}

    def option(self, name: str, value: t.Any) -> t.Any:
        """One option of a module or of an entry of ``domains``."""
        if value is None or isinstance(value, bool):
            return value
        if name in _CALLED and isinstance(value, str):
            _secrecy.name(value)
        if name in _ALL_OF:
            self._all_of(value)
            return HIDDEN
        if name in _HIDDEN:
            _secrecy.keep_later(functools.partial(self._hidden, name, value))
            return HIDDEN
        if name == _CEPH:
            self.unread(value)
            return HIDDEN
        if name == _TEXT:
            # No message or result has a part of it.
            return HIDDEN
        if name in _CONTENTS:
            # It is no part of any message or result, and too long to look for.
            return HIDDEN
        if name in _VALUES:
            self._value(str(value))
            return HIDDEN
        if name == _USAGE and isinstance(value, t.Mapping):
            return {key: self._of_usage(str(key), part) for key, part in value.items()}
        if name in _OF_AGENT and isinstance(value, t.Mapping):
            known = (*_OF_AGENT[name], *_HIDDEN_OF_AGENT[name])
            return {
                key if key in known else HIDDEN: self._of_agent(name, str(key), part)
                for key, part in value.items()
            }
        if name == _URI:
            _secrecy.keep(secrets_of_uri(str(value)))
            return shown_uri(str(value))
        if name == _AUTH:
            if not isinstance(value, t.Mapping):
                self.unread(value)
                return HIDDEN
            return {key: self._of_auth(str(key), part) for key, part in value.items()}
        return HIDDEN if self.is_secret(name, value) else self.plain(value)

    # Options without a table.

    def _of_usage(self, name: str, value: object) -> object:
        if value is None or (name in _OF_USAGE and isinstance(value, str)):
            return value
        self.unread(value)
        return HIDDEN

    def _of_agent(self, name: str, key: str, value: object) -> object:
        if value is None or isinstance(value, bool):
            return value
        if key in _OF_AGENT[name]:
            return self.plain(value)
        self.unread(value)
        return HIDDEN

    @staticmethod
    def _value(text: str) -> None:
        """A value and what it is in the other form."""
        coded = base64.b64encode(text.encode(errors="surrogatepass")).decode()
        _secrecy.keep([text, text.strip(), coded])
        with contextlib.suppress(ValueError):
            _secrecy.keep([base64.b64decode(text, validate=True).decode()])

    def _of_auth(self, name: str, value: object) -> object:
        """All but the user's name is a password, maybe a misspelt one."""
        if value is None or (name == "username" and isinstance(value, str)):
            return value
        self.unread(value)
        return HIDDEN

    def _all_of(self, value: object) -> None:
        """All of ``cloud_init`` or ``unattended`` but its keys, and paths where those belong."""
        if isinstance(value, t.Mapping):
            pairs = [(str(key), part) for key, part in value.items()]
        elif isinstance(value, str):
            parts = [part.partition("=") for part in value.split(",")]
            # What has no name is the rest of a secret with a comma, or a name alone.
            pairs = [(name, text if equals else None) for name, equals, text in parts]
            _secrecy.keep([value])
            for name, equals, _text in parts:
                if not equals and name.strip().replace("-", "_") not in _NAMES:
                    _secrecy.keep_parts(name)
        else:
            pairs = [("", value)]
        for key, part in pairs:
            if key in _PLAIN and isinstance(part, str) and part.isalpha():
                continue
            is_path = isinstance(part, str) and part.startswith("/") and "\n" not in part
            if not (is_path and key.replace("-", "_") in _PATHS):
                self.unread(part)

    def _hidden(self, name: str, value: object) -> None:
        if name == "xml":
            if isinstance(value, (str, bytes)):
                keep_of_text(value)
            else:
                self.unread(value)
        elif name == "match":
            self.plain(value)
        else:
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, t.Mapping):
                    self.params(entry)
                else:
                    self.plain(entry)

    def plain(self, value: t.Any) -> t.Any:
        """A value that has a secret only by the name of one of its keys, or in a URL."""
        if isinstance(value, t.Mapping):
            return {
                key: HIDDEN if self.is_secret(str(key), part) else self.plain(part)
                for key, part in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.plain(part) for part in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        parts = _secrecy.secret_parts(text)
        # A comma may be part of it, or may separate it from the next sub-option.
        for part in parts:
            rest = text[text.index(part) :].partition(" ")[0]
            _secrecy.keep([part, rest])
        return HIDDEN if parts and "," in text else _secrecy.hidden_parts(text)

    def is_secret(self, name: str, value: object) -> bool:
        if name == _REFERENCE and isinstance(value, t.Mapping) and _OF_REFERENCE.issuperset(value):
            return False
        if isinstance(value, bool) or value in (None, "") or not _secrecy.is_secret_name(name):
            return False
        self.unread(value)
        return True

    def unread(self, value: object) -> None:
        """Every text of a value is secret, and each part of it."""
        if isinstance(value, t.Mapping):
            for key, part in value.items():
                if not isinstance(key, str):
                    _secrecy.keep_parts(str(key))
                self.unread(part)
        elif isinstance(value, (list, tuple, set)):
            for part in value:
                self.unread(part)
        elif isinstance(value, str):
            _secrecy.keep(self._values_of(value))
            _secrecy.keep_parts(value)
        elif value is not None and not isinstance(value, bool):
            _secrecy.keep([str(value)])

    @staticmethod
    def _values_of(text: str) -> list[str]:
        name, equals, value = text.partition("=")
        return [text, value] if equals and name.isidentifier() else [text]


def keep_of_text(text: str | bytes) -> None:
    """Keep the secrets of a document, well-formed or not, from messages."""
    from .._reconcile.redact import secret_values
    from .._xmltree.parse import LARGEST_DOCUMENT, DocumentError, parse

    try:
        document = parse(text)
    except DocumentError:
        if len(text) > LARGEST_DOCUMENT:
            return
        found = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        for pattern in (_ATTRIBUTE, _QEMU_VALUE, _ELEMENT):
            for match in pattern.finditer(found):
                for part in filter(None, match.groups()):
                    _secrecy.keep([part])
                    _secrecy.keep_parts(part)
        return
    place = _place_of(document.tag)
    # A digit or two, as of a variable of QEMU's, are no secret, but a part of many messages.
    _secrecy.keep(
        text_value for text_value in secret_values(document, place) if len(text_value) > 2
    )


def _place_of(tag: str) -> PathRules:
    """The rules for a document with this root element, which may be a device of a domain."""
    # Each module needs the tables of one kind, and those only where a document is looked into.
    if tag == "secret":
        from .._rules.secret import KIND as SECRET

        return SECRET.book.top
    if tag == "pool":
        from .._rules.pool import KIND as POOL

        return POOL.book.top
    if tag == "filter":
        from .._rules.nwfilter import KIND as NWFILTER

        return NWFILTER.book.top
    from .._rules.domain.book import DOMAIN

    return DOMAIN.top if tag == DOMAIN.root else DOMAIN.top.child("devices").child(tag)
