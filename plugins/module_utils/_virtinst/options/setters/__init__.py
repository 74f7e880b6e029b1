# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the values are written that mean more than one place; one file for each subject."""

from __future__ import annotations
