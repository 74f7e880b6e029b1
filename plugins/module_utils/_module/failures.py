# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place where errors become the module's failure."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import ExpectedError
from .._manage.errors import one_line


@contextlib.contextmanager
def failures_reported(module: AnsibleModule, subject: str) -> t.Iterator[None]:
    """Let the module fail where the block raises one of the collection's errors.

    ``subject`` names what the task is about. Other exceptions are bugs, and pass.
    """
    failed: ExpectedError | None = None
    try:
        yield
    except ExpectedError as error:
        failed = error
    if failed is not None:
        # Here no exception is pending, whose words Ansible would return as they are.
        message = one_line(f"{subject}: {failed}")
        module.fail_json(msg=message, changed=getattr(failed, "changed", False))
