# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to messages quotes those that the code has."""

from __future__ import annotations

import ast
import re

import pytest

from .generators import TOP

_GUIDE = TOP / "docs/docsite/rst/guide_troubleshooting.rst"
#: The first cell of a row, and what stands in it as a literal.
_MESSAGE = re.compile(r"^   \* - (.*)$", re.MULTILINE)
_LITERAL = re.compile(r"``(.+?)``")
#: A quotation has at least so many words in a row of a text in the code.
_WORDS = 3
#: Beginnings of messages that are libvirt's, QEMU's, SSH's or Ansible's.
_OF_OTHERS = (
    *("Failed to connect socket", "authentication unavailable", "Unable to get system bus"),
    *("access denied", "Cannot recv data: ssh", "Host key verification", "Permission denied"),
    *("Cannot read CA certificate", "Failed to verify peer", "Failed to import the required"),
    *("unexpected qemu URI path", "network 'default' is not active", "Cannot access storage file"),
    *("Could not open", 'Failed to get "write" lock', "Is another process using the image"),
    *("Could not access KVM", "Unable to find", "TPM version", "hugetlbfs filesystem"),
    *("unable to map backing store", "host doesn't support passthrough", "CPU mode"),
    *("QEMU guest agent is not connected", "Connection refused", "REMOTE HOST IDENTIFICATION"),
    *("process exited while", "qemu unexpectedly closed"),
    *("failed to get domain", "Domain not found", "cannot acquire state change lock"),
)
#: Options and the like, which are no messages.
_NO_MESSAGES = ("ok", "--diff", "(kept)", "disk[target/@dev='vdb']")


def _texts_of_code() -> str:
    """All texts in the code, each on a line; what is filled in divides one."""
    found: list[str] = []
    for path in sorted((TOP / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(" ".join(node.value.split()))
    return "\n".join(found)


def _quoted() -> list[str]:
    cells = _MESSAGE.findall(_GUIDE.read_text(encoding="utf-8"))
    literals = [literal for cell in cells for literal in _LITERAL.findall(cell)]
    return [one for one in literals if one not in _NO_MESSAGES and not one.startswith(_OF_OTHERS)]


_CODE = _texts_of_code()


def test_the_guide_quotes_messages() -> None:
    assert len(_quoted()) > 30


@pytest.mark.parametrize("message", _quoted())
def test_the_code_has_the_message(message: str) -> None:
    words = message.split()
    parts = [" ".join(words[n : n + _WORDS]) for n in range(max(1, len(words) - _WORDS + 1))]
    assert any(part in _CODE for part in parts), message
