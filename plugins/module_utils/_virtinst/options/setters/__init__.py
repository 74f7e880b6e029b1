# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Functions for sub-options that are more than a value at one place, one file a subject."""

from __future__ import annotations
