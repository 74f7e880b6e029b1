# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CPU model."""

from __future__ import annotations

from ..._xmltree.element import Element
from .. import writing
from ..guest import Guest
from ..versions import CPU

#: The modes that need no model: the host's own CPU, as far as possible, or all that there is.
_WHOLE_MODES = ("host-model", "host-passthrough", "maximum")
_MAXIMUM = "maximum"
#: virt-install's words for a mode, besides libvirt's own.
SPECIAL_MODES = (
    *_WHOLE_MODES,
    "host-model-only",
    "hv-default",
    "host-copy",
    "clear",
    "default",
)


def configure(guest: Guest) -> None:
    """Give KVM guests the host's CPU, and emulated ones all that can be emulated.

    A topology or features alone leave the mode open.
    """
    if not guest.host.is_qemu_or_test:
        return
    if guest.cpu_is_settled or guest.get("cpu/model") or guest.get("cpu/@mode"):
        return
    if guest.is_arm_virt and guest.virt_type == "kvm":
        guest.set("cpu/@mode", "host-passthrough")
    elif guest.follows(CPU) and _can_be_maximum(guest):
        set_mode(guest, _MAXIMUM)
    elif guest.is_arm_virt and guest.arch == "aarch64" and not guest.follows(CPU):
        # Without a model, this machine has a CPU of 32 bits.
        set_model(guest, "cortex-a57")
    elif (
        guest.is_x86
        and guest.virt_type == "kvm"
        and guest.arch == guest.host.capabilities.host_arch
    ):
        set_mode(guest, "default", is_default=True)


def set_mode(guest: Guest, mode: str, is_default: bool = False) -> None:
    """Set one of :data:`SPECIAL_MODES`.

    ``is_default``: the mode was not requested, so a model that the emulator can't run is
    dropped.
    """
    guest.cpu_is_settled = True
    if mode == "default":
        mode = _best_mode(guest)
    if mode in _WHOLE_MODES:
        cpu = guest.make("cpu")
        for attribute in ("migratable", "check"):
            cpu.attributes.pop(attribute, None)
        cpu.children = [
            child for child in cpu.children if child.tag not in ("model", "vendor", "feature")
        ]
        cpu.attributes["mode"] = mode
        return
    host_model = guest.host.capabilities.host_cpu_model
    if mode in ("host-model-only", "host-copy"):
        if host_model is None:
            return
        _clear(guest)
        set_model(guest, host_model)
        # The host's capabilities may name a model that the emulator doesn't know.
        if is_default and guest.domain_capabilities().is_cpu_model_usable(host_model) is False:
            guest.set("cpu/model", None)
        return
    _clear(guest)


def set_model(guest: Guest, model: str) -> None:
    """Set a named model, with the features against known attacks."""
    cpu = guest.make("cpu")
    cpu.attributes.pop("migratable", None)
    cpu.attributes["mode"] = "custom"
    cpu.attributes.setdefault("match", "exact")
    writing.write(cpu, "model", model)
    host = guest.host
    known = host.cpu_security_features(guest.emulator, guest.arch, guest.machine, guest.virt_type)
    if guest.hides_cpu_flaws:
        present = {feature.get("name") for feature in cpu.all("feature")}
        cpu.children.extend(
            Element("feature", {"policy": "require", "name": name})
            for name in known
            if name not in present
        )
    else:
        cpu.children = [
            child
            for child in cpu.children
            if not (
                child.tag == "feature"
                and child.get("policy") == "require"
                and child.get("name") in known
            )
        ]


def is_implicit(guest: Guest) -> bool:
    """Whether the CPU is the one that libvirt writes for a document without a CPU."""
    found = writing.element_at(guest.root, "cpu")
    return (
        found is not None
        and found.value("model/@fallback") == "forbid"
        and found.get("check") in (None, "none")
        and len(found.children) == 1
    )


def _can_be_maximum(guest: Guest) -> bool:
    """Whether the guest is emulated, on a machine whose CPU can have every feature."""
    machines = (guest.is_x86, guest.is_arm_virt, guest.is_riscv_virt, guest.is_loongarch)
    is_emulated = guest.virt_type == "qemu" and any(machines)
    return is_emulated and guest.domain_capabilities().cpu_mode(_MAXIMUM) is not None


def _best_mode(guest: Guest) -> str:
    if guest.follows(CPU) and _can_be_maximum(guest):
        return _MAXIMUM
    capabilities = guest.domain_capabilities()
    if capabilities.has_migratable_passthrough:
        return "host-passthrough"
    if capabilities.has_exact_host_model:
        return "host-model"
    return "host-model-only"


def _clear(guest: Guest) -> None:
    cpu = writing.element_at(guest.root, "cpu")
    if cpu is not None:
        writing.discard(guest.root, cpu)
