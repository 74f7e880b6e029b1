# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that a module doesn't have."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils import _secrecy
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    ansible_module,
    domain,
    domain_state,
    domains,
    network,
    pool,
    secret,
    volume,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.option_hints import (
    INSTEAD,
    OBJECT_SYNONYMS,
    SYNONYMS,
)


@pytest.fixture(autouse=True)
def _afresh() -> t.Iterator[None]:
    yield
    # What was given as an option that there isn't counts as a secret.
    _secrecy.forget()


def test_hints_name_options_that_there_are() -> None:
    of_domains = {
        *domain.SPEC.options,
        *(name for one in domain.SPEC.options.values() for name in one.get("aliases", ())),
    }
    of_objects = {name for one in (network, pool, secret, volume) for name in one.SPEC.options}
    assert {*SYNONYMS.values()} <= of_domains
    assert {*OBJECT_SYNONYMS.values()} <= of_objects
    assert {option for option, _words in INSTEAD.values()} <= of_domains | of_objects


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
        (
            domain,
            {"name": "a", "shutdown": {"forc": True}},
            "shutdown: there is no sub-option 'forc'; did you mean force?",
        ),
        (
            network,
            {"name": "a", "ips": [{"dhcp": {"rangs": []}}], "forward": {"mod": "nat"}},
            "ips.dhcp: there is no sub-option 'rangs'; did you mean ranges?; forward: there is no sub-option "
            "'mod'; did you mean mode?",
        ),
        (
            network,
            {"name": "a", "domain": {"zzzzzz": 1}},
            "domain: there is no sub-option 'zzzzzz'; there are name, local_only, register",
        ),
        (network, {"name": "a", "subnet": "b"}, "there is no option 'subnet'; write ips: [{ad"),
        (network, {"name": "a", "dhcp": {}}, "there is no option 'dhcp'; write ips: [{address: …"),
        (pool, {"name": "a", "path": "/b"}, "there is no option 'path'; write target: {path: …}"),
        (
            volume,
            {"name": "a", "pool": "b", "size": 3},
            "there is no option 'size'; did you mean capacity?",
        ),
        (secret, {"name": "a"}, "there is no option 'name'; did you mean usage?"),
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
