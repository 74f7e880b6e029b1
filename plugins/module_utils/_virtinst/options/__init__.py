# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virt-install's options say, as one table, and how it is written into a domain.

``table`` has the rows; :mod:`strings`, :mod:`nested` and :mod:`command_line`
read the three forms in which they can be given; :mod:`apply` writes them.
"""

from __future__ import annotations
