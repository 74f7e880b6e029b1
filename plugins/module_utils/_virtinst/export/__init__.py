# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe an existing domain, as short as they can be.

The table of options is read backwards, and what a new domain would get by default is left out. Nothing
is believed: :mod:`.proof` builds the domain from the options again, as each step is tried.
"""

from __future__ import annotations
