# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets of a task, so that no message quotes them.

A module's process runs one task, which registers its secrets here. Code that quotes a value of
the task calls :func:`shown`; messages of others, such as libvirt, go through :func:`hidden_in`.
Neither changes words of our own: the password ``one`` isn't hidden in *expected one of*, because
that would reveal it.
"""

from __future__ import annotations

import functools
import re
import threading
import typing as t

HIDDEN = "VALUE_HIDDEN"

#: Names of options, attributes and elements whose values are secret wherever they stand.
_SECRET_NAME = re.compile(
    r"pas+w|passphrase|passcode|secret|credential|token|cookie|"
    r"(?:api|access|private|auth)[-_]?key|(?:^|_)(?:pass|pwd)$",
    re.IGNORECASE,
)
#: Names that only sound like secrets.
_NO_SECRETS = frozenset(
    ["passwdValidTo", "root_password_file", "root_password_generate", "secrets", "show_secrets"]
)
#: ``name=value`` with such a name in a line of arguments, an environment or a query.
_ASSIGNED = re.compile(
    r"(?:^|[\s,;?&:\"'])[\w./-]{0,64}?(?:pass(?:wd|word|phrase)?|rootpw|secret|credential|token|"
    r"(?:api|access|private|auth)[-_]?key)[\w./-]{0,64}=(\"[^\"]*\"|'[^']*'|[^\s,\"'…]+)",
    re.IGNORECASE,
)
#: systemd takes credentials as NAME:VALUE from the kernel's command line and SMBIOS:
#: https://systemd.io/CREDENTIALS/
_CREDENTIAL = re.compile(
    r"(?:systemd\.set_credential(?:_binary)?=|io\.systemd\.credential(?:\.binary)?:)[^:=\s]*[:=]"
    r"(\"[^\"]*\"|[^\s,]+)"
)
#: The password of a URL.
_USERINFO = re.compile(r"://[^/@\s:'\"]{0,256}:([^/@\s'\"]{1,1024})@")
#: The separators between the parts of a value that can't be read.
_BETWEEN = re.compile(r"[\s,=:;&?'\"\[\]{}()<>/\\]+")

#: Shorter secrets are found in libvirt's words by chance.
_SHORT = 4
#: Longer secrets are no words that a message has by itself.
_LONG = 16
_LOCK = threading.RLock()


class _Known:
    def __init__(self) -> None:
        self.values: set[str] = set()
        self.parts: set[str] = set()
        self.names: set[str] = set()
        self.later: list[t.Callable[[], None]] = []


_known = _Known()


def forget() -> None:
    """Forget the secrets of the last task."""
    global _known
    _known = _Known()
    _patterns.cache_clear()


def keep(values: t.Iterable[str]) -> None:
    """Register secret values."""
    with _LOCK:
        _known.values.update(value for value in values if value and value != HIDDEN)
        _patterns.cache_clear()


def keep_parts(text: str) -> None:
    """Register a text that can't be read and contains a secret: any part may be quoted."""
    with _LOCK:
        _known.parts.update((text, text.strip(), *_BETWEEN.split(text)))
        _known.parts.discard("")
        _patterns.cache_clear()


def name(text: str) -> None:
    """Register a name that messages show even if a secret is equal to it.

    The host name in cloud-init's data is that of the domain more often than not.
    """
    with _LOCK:
        _known.names.add(text)
        _patterns.cache_clear()


def keep_later(find: t.Callable[[], None]) -> None:
    """Register a function that finds secrets; it is called before the first message."""
    with _LOCK:
        _known.later.append(find)


def shown(value: object) -> str:
    """A value in the form that a message may quote."""
    text = str(value)
    values, parts = _found()
    if text in values or text in parts or text.strip() in parts:
        return HIDDEN
    text = hidden_parts(text)
    for secret in values:
        if secret in text:
            text = _replaced(text, secret) if len(secret) >= _SHORT else _bounded(text, secret)
    if not parts:
        return text
    split = {part for part in _BETWEEN.split(text) if part in parts and part != HIDDEN}
    for part in sorted(split, key=len, reverse=True):
        text = _bounded(text, part)
    return text


def hidden_in(message: str) -> str:
    """A message without the secrets that it quotes."""
    message = hidden_parts(message)
    for pattern in _patterns():
        message = pattern.sub(HIDDEN, message)
    return message


def hidden_parts(text: str) -> str:
    """A text without its parts that look like secrets, such as the password of a URL."""
    return _cut(text, secret_spans(text)) if _may_have(text) else text


def secret_parts(text: str) -> list[str]:
    """The parts of a text that look like secrets."""
    return [text[start:end] for start, end in secret_spans(text)] if _may_have(text) else []


def secret_spans(text: str, *patterns: re.Pattern[str]) -> list[tuple[int, int]]:
    """The places of secrets in a text, by the first groups of these patterns, or of all of ours."""
    found = [
        match.span(1)
        for pattern in patterns or (_ASSIGNED, _CREDENTIAL, _USERINFO)
        for match in pattern.finditer(text)
        if match.group(1) != HIDDEN
    ]
    return sorted(found)


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a value with this name is secret by its name alone."""
    return name not in _NO_SECRETS and _SECRET_NAME.search(name) is not None


def _may_have(text: str) -> bool:
    return "=" in text or ":" in text


def cut(text: str, *patterns: re.Pattern[str]) -> str:
    """A text without the first groups of these patterns."""
    return _cut(text, secret_spans(text, *patterns))


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    result, at = [], 0
    for start, end in spans:
        if start >= at:
            result += [text[at:start], HIDDEN]
        at = max(at, end)
    return "".join([*result, text[at:]]) if result else text


def _found() -> tuple[list[str], set[str]]:
    with _LOCK:
        while _known.later:
            _known.later.pop()()
        values, parts = (found - _known.names for found in (_known.values, _known.parts))
        return sorted(values, key=len, reverse=True), parts


@functools.lru_cache(maxsize=1)
def _compiled(values: tuple[str, ...]) -> list[re.Pattern[str]]:
    anywhere = [re.escape(value) for value in values if _is_unlikely(value)]
    quoted = [re.escape(value) for value in values if not _is_unlikely(value)]
    patterns = []
    if anywhere:
        patterns.append(re.compile("|".join(anywhere)))
    if quoted:
        choice = "|".join(quoted)
        # As a value: in quotes, or behind an equals sign.
        patterns.append(re.compile(rf"(?<=['\"\u201c\u2018])(?:{choice})(?=['\"\u201d\u2019])"))
        patterns.append(re.compile(rf"(?<==)(?:{choice})(?=$|[\s,;&)\]])"))
    return patterns


@functools.lru_cache(maxsize=1)
def _patterns() -> list[re.Pattern[str]]:
    values, parts = _found()
    several = {" ".join(text.split()) for text in (*values, *parts)}
    return _compiled(tuple(sorted({*values, *parts, *several} - {""}, key=len, reverse=True)))


def _is_unlikely(secret: str) -> bool:
    """Whether a message contains it only because it quotes it."""
    if len(secret) < _SHORT:
        return False
    is_plain = secret.isdigit() or (secret.isalpha() and secret[1:].islower())
    return len(secret) >= _LONG or not is_plain


def _replaced(text: str, secret: str) -> str:
    return text.replace(secret, HIDDEN)


def _bounded(text: str, secret: str) -> str:
    """The text without the secret where it is a word by itself."""
    return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text)
