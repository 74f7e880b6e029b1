# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only place where errors become the module's failure."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import ExpectedError
from .._manage.errors import on_one_line
from .._rules.option_places import in_terms_of


@contextlib.contextmanager
def failures_reported(module: AnsibleModule, subject: str, noun: str = "") -> t.Iterator[None]:
    """Let the module fail where the block raises one of the collection's errors.

    ``subject`` names the task's object. ``noun`` is that of its kind, where the task may give it as
    a document. Other exceptions are bugs, and pass.
    """
    failed: ExpectedError | None = None
    try:
        yield
    except ExpectedError as error:
        failed = error
    if failed is not None:
        # Outside of the except block: Ansible would return a pending exception's words as they are.
        words = in_terms_of(str(failed), noun, module.params)
        message = on_one_line(f"{subject}: {words}")
        module.fail_json(msg=message, changed=getattr(failed, "changed", False))
