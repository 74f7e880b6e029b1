# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virt-install makes comes back as options: of systems that differ, in each scenario."""

from __future__ import annotations

import collections
import contextlib
import os
import typing as t

import libvirt
import pytest

from .few_systems import SYSTEMS
from .scenarios import SCENARIOS
from .virt_install import Refused

_DUMP = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_virt_install_made_comes_back(
    judge: t.Any,
    counts: collections.Counter[str],
    measured: dict[str, list[float]],
    scenario: str,
    system: str,
) -> None:
    from tests.corpus.exporting import Exporter

    arguments = ["--osinfo", system, "--memory", "1024", *SCENARIOS[scenario][0]]
    name = f"exported-{os.getpid()}"
    try:
        document = judge.virt_install.documents([*arguments, "--name", name])[-1]
    except Refused as error:
        pytest.skip(f"virt-install refuses it: {error}")
    raw = judge.raw
    domain = raw.defineXML(document)

    def remove() -> None:
        with contextlib.suppress(libvirt.libvirtError):
            raw.lookupByName(name).undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)

    try:
        exporter = Exporter(judge.connection)
        trip = exporter.trip(name, domain.XMLDesc(_DUMP), remove)
        counts["virt-install's domains, exported"] += 1
        counts[f"virt-install's domains, exported, of it: as {trip.export.form}"] += 1
        counts[f"virt-install's domains, exported, of it: {trip.share}"] += 1
        measured["length of an export of virt-install's in YAML, of its XML"].append(trip.part)
        assert trip.problem is None, f"{trip.problem}\n{trip.export.options}"
    finally:
        remove()
