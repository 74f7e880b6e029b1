# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is suggested for sub-options that there aren't."""

from __future__ import annotations

import pathlib

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.synonyms import (
    INSTEAD,
    SYNONYMS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .. import hosts

#: Where a person can read them, who has no repository.
_PAGES = "https://github.com/declarative-libvirt/declarative.libvirt/blob/main/docs/docsite/rst"


@pytest.mark.parametrize(
    ("group", "key", "words"),
    [
        ("network", "name", "did you mean network?"),
        ("network", "vlan", 'write xpath.set: "./vlan/tag/@id=42"'),
        ("network", "MAC", "did you mean mac?"),
        ("disk", "sise", "did you mean size?"),
        ("disk", "size_gb", "did you mean size?"),
        ("disk", " size", "there is a blank beside the name; write size"),
        ("disk", "read_only", "did you mean readonly?"),
        ("disk", "queues", "did you mean driver.queues?"),
        ("disk", "source.host0.nme", "did you mean source.host.name?"),
        (
            "disk",
            "source.encryption.format",
            "virt-install's disks have none either; write the disk",
        ),
        ("disk", "encryption", "virt-install's disks have none either; write the disk"),
        ("disk", "source.elsewhere.xyzzy", "correct the name"),
        ("network", "vlan.tag", 'write xpath.set: "./vlan/tag/@id=42"'),
        ("boot", "secure_boot", "write uefi: true with firmware.feature"),
        ("memory", "max", "did you mean maxmemory?"),
        ("memory", "max_memory", "did you mean maxMemory?"),
        ("vcpus", "cpus", "did you mean vcpu?"),
        ("cpu", "cores", "did you mean topology.cores?"),
        (
            "panic",
            "zzzzz",
            f"correct the name ({_PAGES}/options_panic.rst lists all of them",
        ),
        ("xml", "zzzzz", f"correct the name ({_PAGES}/options_xpath.rst lists all of them"),
    ],
)
def test_the_nearest_by_meaning(group: str, key: str, words: str) -> None:
    with pytest.raises(OptionError) as caught:
        apply(hosts.guest(), group, {key: "x"})
    assert f"there is no sub-option '{key}'; {words}" in str(caught.value)


def test_synonyms_lead_to_what_there_is() -> None:
    for group, words in SYNONYMS.items():
        for word, known in words.items():
            assert GROUPS[group].option(word) is None, f"{group}: {word} is a name itself"
            assert GROUPS[group].option(known.replace("[]", "0")) is not None, f"{group}: {known}"
    for group, words in INSTEAD.items():
        assert all(GROUPS[group].option(word) is None for word in words)


def test_every_option_has_the_page_that_is_named() -> None:
    pages = pathlib.Path(__file__).resolve().parents[6] / "docs" / "docsite" / "rst"
    if not pages.is_dir():
        pytest.skip("the documentation isn't there")
    for group in GROUPS:
        with pytest.raises(OptionError) as caught:
            apply(hosts.guest(), group, {"zzzzz": "x"})
        name = str(caught.value).partition("options_")[2].partition(" ")[0]
        assert (pages / f"options_{name}").is_file()
