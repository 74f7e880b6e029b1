# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody may see."""

from __future__ import annotations

from ..rows import Secret

SECRETS = (
    Secret(
        "devices/graphics/@passwd",
        "the password of a guest's console; libvirt gives it out only with VIR_DOMAIN_XML_SECURE",
    ),
    Secret(
        "devices/disk/**/cookies/cookie/text()",
        "a session with an image server; libvirt gives it out only with VIR_DOMAIN_XML_SECURE",
    ),
)
