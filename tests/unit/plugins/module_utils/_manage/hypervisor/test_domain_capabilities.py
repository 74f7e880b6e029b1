# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The description of domain capabilities."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._manage.hypervisor.domain_capabilities import (
    described_capabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.domain_capabilities import (
    DomainCapabilities,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

DOCUMENT = """
<domainCapabilities>
  <path>/usr/bin/qemu-system-x86_64</path><domain>kvm</domain>
  <machine>pc-q35-7.2</machine><arch>x86_64</arch>
  <vcpu max='288'/>
  <iothreads supported='yes'/>
  <os supported='yes'>
    <enum name='firmware'><value>bios</value><value>efi</value></enum>
    <loader supported='yes'>
      <value>/usr/share/OVMF/OVMF_CODE.fd</value>
      <enum name='type'><value>rom</value><value>pflash</value></enum>
      <enum name='secure'><value>yes</value><value>no</value></enum>
    </loader>
  </os>
  <cpu>
    <mode name='host-passthrough' supported='no'/>
    <mode name='host-model' supported='yes'><model fallback='forbid'>EPYC</model></mode>
    <mode name='custom' supported='yes'>
      <model usable='yes' vendor='AMD'>EPYC</model>
      <model usable='no' vendor='Intel' deprecated='yes'>Haswell</model>
      <model usable='unknown'>max</model>
    </mode>
  </cpu>
  <devices>
    <video supported='yes'><enum name='modelType'><value>vga</value></enum></video>
    <tpm supported='no'/>
    <redirdev supported='yes'><enum name='bus'/></redirdev>
  </devices>
  <features>
    <sev supported='yes'><cbitpos>47</cbitpos><hostModel>x</hostModel></sev>
    <sgx supported='yes'><sections><section node='0'/></sections></sgx>
  </features>
</domainCapabilities>
"""


def described(text: str) -> dict[str, t.Any] | None:
    return described_capabilities(DomainCapabilities(parse(text)))


def test_all_of_it() -> None:
    assert described(DOCUMENT) == {
        "arch": "x86_64",
        "machine": "pc-q35-7.2",
        "virt_type": "kvm",
        "emulator": "/usr/bin/qemu-system-x86_64",
        "max_vcpus": 288,
        "iothreads": True,
        "firmware": {
            "automatic": ["bios", "efi"],
            "loaders": ["/usr/share/OVMF/OVMF_CODE.fd"],
            "loader_types": ["rom", "pflash"],
            "secure_boot": True,
        },
        "cpu": {
            "modes": ["host-model", "custom"],
            "host_model": "EPYC",
            "models": [
                {"name": "EPYC", "usable": True, "vendor": "AMD", "deprecated": False},
                {"name": "Haswell", "usable": False, "vendor": "Intel", "deprecated": True},
                {"name": "max", "usable": None, "vendor": None, "deprecated": False},
            ],
        },
        "devices": {
            "video": {"supported": True, "modelType": ["vga"]},
            "tpm": {"supported": False},
            "redirdev": {"supported": True, "bus": []},
        },
        "features": {
            "sev": {"supported": True, "cbitpos": 47, "hostModel": "x"},
            "sgx": {"supported": True},
        },
    }


def test_a_driver_without_them() -> None:
    assert described("<domainCapabilities/>") is None


def test_a_libvirt_that_says_little() -> None:
    found = described("<domainCapabilities><arch>x86_64</arch></domainCapabilities>")
    assert found is not None
    assert (found["max_vcpus"], found["devices"]) == (None, {})
    assert found["firmware"]["automatic"] == []
    assert found["cpu"] == {"modes": [], "host_model": None, "models": []}
