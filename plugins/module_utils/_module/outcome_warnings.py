# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only place where what an outcome has to say becomes warnings of the module."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._manage.outcome import Outcome
from .._rules.option_places import in_terms_of


def warn_of(module: AnsibleModule, outcome: Outcome, subject: str, noun: str = "") -> None:
    """Give the warnings of an outcome; ``subject`` and ``noun`` as in :func:`.failures_reported`."""
    notes = tuple(in_terms_of(note, noun, module.params) for note in outcome.notes)
    for warning in outcome._replace(notes=notes).warnings(subject):
        module.warn(warning)
