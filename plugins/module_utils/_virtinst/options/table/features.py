# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Features of the machine, its clock and its power management."""

from __future__ import annotations

from ..rows import Group, Kind, Nothing, Option, integer, on_off, presence, text, yes_no
from ..setters import clock, features
from .common import element


def _hyperv(name: str, about: str) -> Option:
    return on_off(f"hyperv.{name}.state", f"hyperv/{name}/@state", about, f"hyperv_{name}")


def _newer_hyperv(name: str, about: str) -> Option:
    """A feature that never had an older spelling."""
    place = f"hyperv/{name.replace('.', '/')}"
    return on_off(
        f"hyperv.{name}.state",
        f"{place}/@state",
        about,
        set=features.part(place, name == "stimer.direct") if "." in name else None,
    )


def _default(name: str, about: str) -> Option:
    return presence(name, name, about, set=features.switch(name))


FEATURES = Group(
    "features",
    "features",
    "features of the machine",
    element(
        _default("acpi", "power management; on by default where there is it"),
        _default("apic", "programmable interrupts; on by default where there are"),
        _default("pae", "physical addresses of more than 32 bits"),
        presence("privnet", "privnet", "a network namespace of its own for a container"),
        presence("hap", "hap", "paging with help of the hardware"),
        presence("viridian", "viridian", "Xen's extensions for Windows"),
        on_off("apic.eoi", "apic/@eoi", "paravirtualised end of interrupts", "eoi"),
        on_off("pmu.state", "pmu/@state", "performance counters", "pmu"),
        _hyperv("reset", "Hyper-V's reset"),
        _hyperv("vapic", "Hyper-V's virtual APIC"),
        _hyperv("relaxed", "Hyper-V's relaxed timers"),
        _hyperv("spinlocks", "Hyper-V's spinlocks"),
        integer(
            "hyperv.spinlocks.retries",
            "hyperv/spinlocks/@retries",
            "tries before the hypervisor is notified, from 4095",
            "hyperv_spinlocks_retries",
        ),
        _hyperv("synic", "Hyper-V's interrupt controller"),
        _newer_hyperv("vpindex", "Hyper-V's numbers of CPUs"),
        _newer_hyperv("runtime", "Hyper-V's time that a CPU has run"),
        _newer_hyperv("stimer", "Hyper-V's synthetic timers"),
        _newer_hyperv("stimer.direct", "direct interrupts of Hyper-V's timers"),
        _newer_hyperv("frequencies", "Hyper-V's frequencies of timers"),
        _newer_hyperv("reenlightenment", "Hyper-V's word about a migration"),
        _newer_hyperv("tlbflush", "Hyper-V's flush of other CPUs' TLBs"),
        _newer_hyperv("tlbflush.direct", "the flush by a nested hypervisor's guests"),
        _newer_hyperv("tlbflush.extended", "the flush of parts of a TLB"),
        _newer_hyperv("ipi", "Hyper-V's interrupts between CPUs"),
        _newer_hyperv("evmcs", "Hyper-V's control structure of nested guests, on Intel"),
        _newer_hyperv("avic", "Hyper-V's word that the APIC is virtualised by hardware"),
        _newer_hyperv("xmm_input", "Hyper-V's parameters in XMM registers"),
        _newer_hyperv("emsr_bitmap", "Hyper-V's bitmap of nested guests' MSRs"),
        on_off("vmport.state", "vmport/@state", "VMware's port", "vmport"),
        on_off(
            "kvm.hidden.state",
            "kvm/hidden/@state",
            "whether KVM hides from the guest",
            "kvm_hidden",
        ),
        on_off(
            "kvm.hint-dedicated.state", "kvm/hint-dedicated/@state", "hint that CPUs aren't shared"
        ),
        on_off(
            "kvm.poll-control.state",
            "kvm/poll-control/@state",
            "whether the guest polls instead of the host",
        ),
        on_off(
            "kvm.pv-ipi.state", "kvm/pv-ipi/@state", "KVM's interrupts between CPUs, on by default"
        ),
        on_off("pvspinlock.state", "pvspinlock/@state", "paravirtualised spinlocks"),
        text(
            "gic.version",
            "gic/@version",
            "2, 3 or host: interrupt controller of ARM",
            "gic_version",
        ),
        on_off("smm.state", "smm/@state", "system management mode", "smm"),
        on_off(
            "vmcoreinfo.state",
            "vmcoreinfo/@state",
            "whether the guest can announce its crash dump to the host",
            "vmcoreinfo",
        ),
        text("ioapic.driver", "ioapic/@driver", "kvm or qemu"),
        text("msrs.unknown", "msrs/@unknown", "ignore or fault: access to an unknown MSR"),
    ),
    flags=("--features",),
    none=Nothing.DEFAULT,
)


def _timer(name: str, attribute: str, about: str, kind: Kind = Kind.TEXT) -> Option:
    return Option(
        f"{name}_{attribute}",
        f"timer[@name='{name}']/@{attribute}",
        kind,
        about,
        set=clock.timer(name, attribute, kind),
    )


def _present(name: str) -> Option:
    return _timer(name, "present", f"whether the timer {name} is there", Kind.YES_NO)


def _ignored(name: str) -> Option:
    return text(
        f"{name}_tickpolicy", None, "accepted, but libvirt has never heeded it", set=clock.ignore
    )


CLOCK = Group(
    "clock",
    "clock",
    "clock and timers",
    element(
        *(_ignored(name) for name in ("platform", "hpet", "tsc", "kvmclock", "hypervclock")),
        _timer("pit", "tickpolicy", "what becomes of lost ticks: delay, catchup, merge or discard"),
        _timer("rtc", "tickpolicy", "what becomes of lost ticks: delay, catchup, merge or discard"),
        *(
            _present(name)
            for name in ("platform", "pit", "rtc", "hpet", "tsc", "kvmclock", "hypervclock")
        ),
        text("offset", "@offset", "utc, localtime, timezone, variable or absolute"),
        text(
            "timer[].name",
            "timer[{}]/@name",
            "rtc, pit, hpet, tsc, kvmclock, hypervclock, platform or armvtimer",
        ),
        yes_no("timer[].present", "timer[{}]/@present", "whether it is there"),
        text(
            "timer[].tickpolicy",
            "timer[{}]/@tickpolicy",
            "what becomes of lost ticks: delay, catchup, merge or discard",
        ),
        text("timer[].track", "timer[{}]/@track", "boot, guest, wall or realtime"),
        text("timer[].mode", "timer[{}]/@mode", "auto, native, emulate, paravirt or smpsafe"),
        integer("timer[].frequency", "timer[{}]/@frequency", "frequency, in Hz"),
        integer(
            "timer[].catchup.threshold",
            "timer[{}]/catchup/@threshold",
            "delay that starts catching up",
        ),
        integer("timer[].catchup.slew", "timer[{}]/catchup/@slew", "speed of catching up"),
        integer(
            "timer[].catchup.limit",
            "timer[{}]/catchup/@limit",
            "delay that is too long to catch up with",
        ),
    ),
    flags=("--clock",),
    none=Nothing.DEFAULT,
)

PM = Group(
    "pm",
    "pm",
    "power management that the guest may use",
    element(
        yes_no(
            "suspend_to_mem.enabled",
            "suspend-to-mem/@enabled",
            "suspend to memory",
            "suspend_to_mem",
        ),
        yes_no(
            "suspend_to_disk.enabled",
            "suspend-to-disk/@enabled",
            "suspend to disk",
            "suspend_to_disk",
        ),
    ),
    flags=("--pm",),
    none=Nothing.DEFAULT,
)
