# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options and the result of modules about many objects."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._manage.errors import TaskError
from .._manage.many_outcome import (
    FULL,
    OUTPUTS,
    Many,
    as_result,
    has_failed,
    is_too_large,
    warnings,
)
from .spec import SHUTDOWN, Spec

MANY = Spec(
    {
        "shutdown": {
            key: value
            for key, value in SHUTDOWN.options["shutdown"].items()
            # Without the option, nothing that runs is stopped unasked.
            if key != "apply_defaults"
        },
        "fail_fast": {"type": "bool", "default": False},
        "parallel": {"type": "int"},
        "output": {"type": "str", "choices": list(OUTPUTS), "default": FULL},
    }
)


def check_parallel(parallel: int | None) -> int | None:
    """Check how many guests are started or stopped at the same time.

    :raises TaskError: none could be.
    """
    if parallel is not None and parallel < 1:
        raise TaskError("parallel is less than 1; set it to how many domains are changed at once")
    return parallel


def exit_with(module: AnsibleModule, work: Many, output: str) -> None:
    """Exit with the result of the work, or fail with it; ``output`` is one of ``OUTPUTS``."""
    for warning in warnings(work):
        module.warn(warning)
    result = as_result(work, module._diff, output, module._verbosity > 0)
    too_large = is_too_large(result)
    if too_large is not None:
        module.warn(too_large)
    if has_failed(work):
        module.fail_json(**result)
    module.exit_json(**result)
