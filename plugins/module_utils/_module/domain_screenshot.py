# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_screenshot: its options, and what it does."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import Domains
from .._manage.domain.screen import find_running, look_at
from .._manage.errors import TaskError
from .._manage.outcome import Outcome
from .failures import failures_reported
from .libraries import require_libraries
from .options import check_timeout, connected_by
from .replaced_file import ATTRIBUTES, ReplacedFile
from .secrets import uncover
from .spec import CONNECTION, Spec

_CONTENT = "content"
SPEC = CONNECTION + Spec(
    {
        "name": {"type": "str", "required": True},
        "path": {"type": "path", "required": True},
        "screen": {"type": "int", "default": 0},
        "wait": {
            "type": "dict",
            "options": {
                "for": {"type": "str", "choices": [_CONTENT], "default": _CONTENT},
                "timeout": {"type": "float", "default": 60},
            },
        },
        **ATTRIBUTES,
    }
)
#: QEMU's graphics cards have at most 64 screens, and a guest has few cards.
_LAST_SCREEN = 1023


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, f"domain '{params['name']}'"):
        if not 0 <= params["screen"] <= _LAST_SCREEN:
            raise TaskError(f"screen is none of 0 to {_LAST_SCREEN}; screens are counted from 0")
        timeout = None
        if params["wait"] is not None:
            timeout = check_timeout(params["wait"]["timeout"], "wait.timeout")
        file = ReplacedFile(module, params["path"], "path")
        with connected_by(params) as connection:
            domain = find_running(Domains(connection), params["name"], "has a screen")
            facts = domain.facts()
            # Check mode does not wait.
            picture = look_at(domain, params["screen"], None if module.check_mode else timeout)
        actions = file.have(picture.png)
        outcome = Outcome(facts, actions=tuple(actions), beside="screenshot")
        result = outcome.as_result_of_actions(module._diff)
    module.exit_json(
        path=file.path,
        width=picture.width,
        height=picture.height,
        mime=picture.mime,
        blank=picture.is_blank,
        size=len(picture.png),
        sha256=picture.sha256,
        **result,
    )
