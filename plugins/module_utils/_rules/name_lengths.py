# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the names of files and of libvirt's objects may be, in bytes."""

from __future__ import annotations

#: NAME_MAX of Linux.
LONGEST_FILE = 255
#: libvirt keeps an object in NAME.xml, which virFileRewrite writes as NAME.xml.new first. It notices
#: a longer name after it has taken a snapshot or made a checkpoint, of which nobody knows then. Tried
#: on 9.0 and 11.3.
LONGEST_NAME = LONGEST_FILE - len(".xml.new")
