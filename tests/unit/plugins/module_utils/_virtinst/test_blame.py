# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which option a place in the document is of."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.blame import (
    meant_at,
    option_at,
)


@pytest.mark.parametrize(
    ("path", "attribute", "names", "option"),
    [
        ("/domain/devices/interface[2]", "type", ["network"], "network: type"),
        ("/domain/devices/interface", "nonsense", ["network"], "network"),
        ("/domain/devices/interface/model", "type", ["disk", "network"], "network: model"),
        ("/domain/devices/disk/target", "bus", ["disk"], "disk: bus"),
        ("/domain/devices/disk/serial", None, ["disk"], "disk: serial"),
        ("/domain/devices/disk", "bus", ["network"], None),
        ("/domain/vcpu", None, ["memory", "vcpus"], "vcpus: maxvcpus"),
        ("/domain/cputune/vcpupin[3]", "cpuset", ["cputune"], "cputune: vcpupin.cpuset"),
        ("/domain/memoryBacking/hugepages/page", "unit", ["memorybacking"],
         "memorybacking: hugepages.page.unit"),
        ("/domain/os", None, ["name", "osinfo"], None),
        ("/domain", None, ["network"], None),
        ("/domain", "type", ["memory", "virt_type"], "virt_type"),
        ("/domain/os/type", "machine", ["machine"], "machine"),
    ],
)  # fmt: skip
def test_the_option_of_a_place(
    path: str, attribute: str | None, names: list[str], option: str | None
) -> None:
    assert option_at(path, attribute, names) == option


def test_a_bare_name_is_no_type_of_an_interface() -> None:
    option = option_at("/domain/devices/interface[1]", "type", ["network"])
    advice = meant_at(option)
    assert advice is not None
    assert "{network: NAME}" in advice
    assert meant_at(option_at("/domain/memory", None, ["memory"])) is None
