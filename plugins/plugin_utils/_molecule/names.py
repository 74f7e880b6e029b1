# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What guests of a scenario are called on the hypervisor, where other scenarios have theirs."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import typing as t

#: Images, logs and sockets have these names with more behind them, and no file's has over 255.
_LONGEST_NAME = 60
#: Only for people: what tells scenarios apart is the digest behind them.
_LONGEST_WORD = 20
#: https://www.rfc-editor.org/rfc/rfc1123#section-2.1
_LONGEST_HOSTNAME = 63
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_IN_HOSTNAMES = re.compile(r"[^a-z0-9-]+")


class Scenario(t.NamedTuple):
    """A scenario of the project in a directory; ``run`` is one of several at the same time."""

    directory: str
    name: str
    run: str = ""

    @property
    def digest(self) -> str:
        """What is another one for each scenario of each checkout."""
        identity = (self.directory, self.name, self.run)
        return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:8]

    @property
    def tag(self) -> str:
        """The tag that all of its guests have, and no others."""
        return f"molecule-{self.digest}"

    @property
    def prefix(self) -> str:
        """What the names of its domains begin with."""
        project = _word(os.path.basename(self.directory.rstrip("/")))
        return f"molecule-{project}-{_word(self.name)}-{self.digest}-"


def run_of(project: str, state: str) -> str:
    """The run of a project in this directory, with ``--parallel``; empty without.

    The name of ``state``, which is the directory of Molecule's own files, then depends on it.
    """
    found = os.path.basename(state)
    name = os.path.basename(project.rstrip("/"))
    # As molecule.text.checksum does it.
    checksum = base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()
    is_usual = not found.startswith("molecule.") or found.startswith(f"molecule.{checksum[:4]}")
    return "" if is_usual else found


def domain_name(scenario: Scenario, host: str) -> str:
    """The name of a host's domain, which libvirt, file systems and shells take."""
    return scenario.prefix + _unique(_NOT_IN_NAMES.sub("-", host), host, _LONGEST_NAME)


def hostname(host: str) -> str:
    """The guest's own name for a host: the first label, of what such a name may have."""
    label = host.lower() if _is_address(host) else host.lower().partition(".")[0]
    plain = _NOT_IN_HOSTNAMES.sub("-", label).strip("-") or "guest"
    return _unique(plain, label, _LONGEST_HOSTNAME).strip("-")


def _unique(plain: str, name: str, longest: int) -> str:
    """The plain form of a name; with a digest where it isn't the name any more, or is too long."""
    if plain == name and len(plain) <= longest:
        return plain
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{plain[: longest - 9]}-{digest}"


def _word(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text)[:_LONGEST_WORD].strip("-.") or "project"


def _is_address(host: str) -> bool:
    return re.fullmatch(r"[0-9.]+|[0-9a-fA-F:]+", host) is not None
