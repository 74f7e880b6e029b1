# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that a module doesn't have."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    ansible_module,
    domain,
    domain_state,
    domains,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.option_hints import (
    INSTEAD,
    SYNONYMS,
)


def test_hints_name_options_that_there_are() -> None:
    meant = {*SYNONYMS.values(), *(option for option, _words in INSTEAD.values())}
    known = {
        *domain.SPEC.options,
        *(name for one in domain.SPEC.options.values() for name in one.get("aliases", ())),
    }
    assert meant <= known


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        (
            domain,
            {"name": "a", "memory_mb": 1},
            "there is no option 'memory_mb'; did you mean memo",
        ),
        (
            domain,
            {"name": "a", "secure_boot": True},
            "there is no option 'secure_boot'; write boot:",
        ),
        (domain, {"nam": "a"}, "there is no option 'nam'; did you mean name?"),
        (domain_state, {"name": "a", "memory_mb": 1}, "there is no option 'memory_mb'; one of"),
        (domain, {"name": "a", "shutdown": {"forc": True}}, "Unsupported parameters for"),
        # No word has a hole where a value of an option that is never logged is a part of it.
        (domains, {"domains": [{"name": "m"}], "purge": "p"}, "argument 'purge' is of type str"),
    ],
)
def test_what_was_meant(
    capsys: pytest.CaptureFixture[str], module: t.Any, options: dict[str, t.Any], words: str
) -> None:
    # ansible-core has it since 2.19.
    testing = pytest.importorskip("ansible.module_utils.testing")
    with testing.patch_module_args(options), pytest.raises(SystemExit):
        ansible_module.Module(supports_check_mode=True, **module.SPEC.to_kwargs())
    printed = json.loads(capsys.readouterr().out)
    assert printed["failed"]
    assert printed["msg"].startswith(words)
