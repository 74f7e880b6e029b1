# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is shown instead of a secret.

It stands alone because a module's code is compiled each time that it runs, and some
modules need no more of this package.
"""

from __future__ import annotations

HIDDEN = "VALUE_HIDDEN"
