# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words that several options have as choices."""

from __future__ import annotations

#: States of objects and of devices.
PRESENT, ABSENT = "present", "absent"
#: States of networks and pools.
ACTIVE, INACTIVE = "active", "inactive"
#: States of domains.
RUNNING, STOPPED, PAUSED, SAVED = "running", "stopped", "paused", "saved"
#: How far a document is enforced: whole, or only what it has.
EXACT, MERGE = "exact", "merge"
#: Answers to the question whether something may be done.
NEVER, IF_REQUIRED, ALWAYS = "never", "if_required", "always"
