# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody may see.

The options are judged by the same rows: a sub-option is secret where the place is that it
writes. What is called like a secret, ``password`` for example, and the password of a URL are
hidden at every place; see :mod:`...secrecy`.
"""

from __future__ import annotations

import re

from ..rows import Secret

#: ``NAME=VALUE`` or ``NAME:VALUE``, also behind the word for a credential.
_NAMED = re.compile(r"^(?:io\.systemd\.credential[\w.]*:)?[^=:]*[=:](.*)$", re.DOTALL)
#: Of QEMU's arguments: what is handed to the guest, or opens something, and all behind it, for
#: a comma may belong to it.
_ARGUMENT = re.compile(
    r"(?:^|[\s,])(?:data|string|value|key|pass|cookie|session|dh-cert|user|username|"
    r"[\w.-]*(?:passw|passphrase|secret|token)[\w.-]*)=(\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
#: The data of a systemd credential or of Ignition as an argument of its own.
_NAMED_DATA = re.compile(r"(?:^|[\s,])(?:opt/|io\.systemd\.)[^=\s,]*[=:](\S.*)$", re.DOTALL)

SECRETS = (
    Secret(
        "devices/graphics/@passwd",
        "the password of a guest's console; libvirt gives it out only with VIR_DOMAIN_XML_SECURE",
    ),
    Secret(
        "devices/disk/**/cookies/cookie/text()",
        "a session with an image server; libvirt gives it out only with VIR_DOMAIN_XML_SECURE",
    ),
    Secret(
        "devices/disk/**/source/@query",
        "the query of an image's URL, which often has a token or a signature",
    ),
    Secret(
        "sysinfo/entry/text()",
        "an entry of fw_cfg: Ignition's configuration, with the passwords that it sets",
    ),
    Secret(
        "sysinfo/oemStrings/entry/text()",
        "an OEM string, by which systemd takes credentials; what it is called may be seen",
        _NAMED,
    ),
    Secret("launchSecurity/session/text()", "a session that the owner's key is wrapped in"),
    Secret("launchSecurity/dhCert/text()", "the key that the session is made with"),
    Secret(
        "os/initenv/text()", "the value of an environment variable of a container's first program"
    ),
    Secret("qemu:commandline/qemu:env/@value", "the value of an environment variable of QEMU"),
    Secret(
        "qemu:commandline/qemu:arg/@value",
        "what an argument of QEMU hands to the guest, such as -fw_cfg name=…,string=…",
        _ARGUMENT,
        _NAMED_DATA,
    ),
)
