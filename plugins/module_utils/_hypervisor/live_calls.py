# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that change a running guest, by the names of ``_rules.domain.live_calls``.

Each takes the domain, the desired element and the present one, either of which may be
``None``. It changes the running guest alone.
"""

from __future__ import annotations

import typing as t

from .._rules.amounts import kib, vcpu_count
from .._rules.spelling import bitmap
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .domains import Domain
from .libvirt_import import libvirt

Call = t.Callable[[t.Any, t.Optional[Element], t.Optional[Element]], None]

#: libvirt's parameter for each child of cputune.
_SCHEDULER = {
    "shares": "cpu_shares",
    "period": "vcpu_period",
    "quota": "vcpu_quota",
    **{
        f"{what}_{limit}": f"{what}_{limit}"
        for what in ("global", "emulator", "iothread")
        for limit in ("period", "quota")
    },
}
_IO_TUNE = tuple(
    f"{what}_{per}_sec{limit}"
    for limit in ("", "_max", "_max_length")
    for what in ("total", "read", "write")
    for per in ("bytes", "iops")
)
_BLOCK_WEIGHTS = (
    "weight",
    "read_bytes_sec",
    "write_bytes_sec",
    "read_iops_sec",
    "write_iops_sec",
)
#: virDomainLifecycleAction, by the words of the documents.
_ACTIONS = (
    "destroy",
    "restart",
    "rename-restart",
    "preserve",
    "coredump-destroy",
    "coredump-restart",
)
_LIFECYCLES = ("on_poweroff", "on_reboot", "on_crash")
_EMPTY = Element("none")


def _live() -> int:
    return int(libvirt.VIR_DOMAIN_AFFECT_LIVE)


def _attach(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    domain.raw.attachDeviceFlags(serialise(desired or _EMPTY), _live())


def _update(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    domain.raw.updateDeviceFlags(serialise(desired or _EMPTY), _live())


def _memory(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    amount = kib(desired)
    domain.raw.setMemoryFlags(domain.raw.maxMemory() if amount is None else amount, _live())


def _vcpus(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    domain.raw.setVcpusFlags(vcpu_count(desired)[0], _live())


def _pin_vcpus(domain: Domain, desired: Element | None, present: Element | None) -> None:
    for number, cpus in _pins(domain, desired, present, "vcpupin", "vcpu"):
        domain.raw.pinVcpuFlags(number, cpus, _live())


def _pin_iothreads(domain: Domain, desired: Element | None, present: Element | None) -> None:
    for number, cpus in _pins(domain, desired, present, "iothreadpin", "iothread"):
        domain.raw.pinIOThread(number, cpus, _live())


def _pin_emulator(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    cpus = (desired or _EMPTY).value("emulatorpin/@cpuset")
    domain.raw.pinEmulator(_cpu_map(domain, cpus), _live())


def _pins(
    domain: Domain, desired: Element | None, present: Element | None, tag: str, attribute: str
) -> t.Iterator[tuple[int, tuple[bool, ...]]]:
    """The threads whose pinning changes, each with its new CPUs."""
    before, after = (
        {pin.get(attribute) or "": pin.get("cpuset") for pin in (parent or _EMPTY).all(tag)}
        for parent in (present, desired)
    )
    for number in sorted(after, key=int):
        # Removing a pin waits for the next start: libvirt has no call for it.
        if before.get(number) != after[number]:
            yield int(number), _cpu_map(domain, after[number])


def _cpu_map(domain: Domain, cpus: str | None) -> tuple[bool, ...]:
    """For each CPU of the host, whether it is in a list; without a list all are."""
    count = int(domain.connection.raw.getCPUMap()[0])
    numbers = bitmap(cpus) if cpus is not None else None
    if not isinstance(numbers, frozenset):
        return (True,) * count
    # A CPU that the host lacks makes the map longer, so that libvirt refuses it.
    return tuple(number in numbers for number in range(max(count, max(numbers) + 1)))


def _scheduler(domain: Domain, desired: Element | None, present: Element | None) -> None:
    domain.raw.setSchedulerParametersFlags(
        {_SCHEDULER[tag]: int(text) for tag, text in _new_texts(desired, present, _SCHEDULER)},
        _live(),
    )


#: VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, which libvirt-python lacks: it is a macro, and has no enumeration.
_UNLIMITED = 9007199254740991


def _memory_limits(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    names = ("hard_limit", "soft_limit", "swap_hard_limit")
    amounts = {name: kib((desired or _EMPTY).child(name)) for name in names}
    domain.raw.setMemoryParameters(
        {name: _UNLIMITED if amount is None else amount for name, amount in amounts.items()},
        _live(),
    )


def _numa_nodes(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    nodes = (desired or _EMPTY).value("memory/@nodeset") or ""
    domain.raw.setNumaParameters({libvirt.VIR_DOMAIN_NUMA_NODESET: nodes}, _live())


def _block_weights(domain: Domain, desired: Element | None, present: Element | None) -> None:
    parameters: dict[str, t.Any] = {
        tag: int(text) for tag, text in _new_texts(desired, present, ("weight",))
    }
    for tag in _BLOCK_WEIGHTS:
        parts = [
            f"{device.value('path')},{device.value(tag)}"
            for device in (desired or _EMPTY).all("device")
            if device.value(tag) is not None
        ]
        if parts:
            parameters[f"device_{tag}"] = ",".join(parts)
    domain.raw.setBlkioParameters(parameters, _live())


def _iothreads(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    existing = {info[0] for info in domain.raw.ioThreadInfo(_live())}
    for number in sorted(_iothread_ids(desired, existing) - existing):
        domain.raw.addIOThread(number, _live())
    for number in sorted(existing - _iothread_ids(desired, existing), reverse=True):
        domain.raw.delIOThread(number, _live())


def _iothread_ids(desired: Element | None, existing: t.Collection[int]) -> set[int]:
    """The listed numbers; a mere count keeps existing ones and adds the lowest free ones."""
    if desired is None:
        return set()
    if desired.tag == "iothreadids":
        return {int(thread.get("id") or 0) for thread in desired.all("iothread")}
    count = int(desired.text or 0)
    found = sorted(existing)[:count]
    free = (number for number in range(1, count + len(existing) + 1) if number not in existing)
    return {*found, *(next(free) for _missing in range(count - len(found)))}


def _title(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    _set_metadata(domain, libvirt.VIR_DOMAIN_METADATA_TITLE, desired)


def _description(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    _set_metadata(domain, libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, desired)


def _set_metadata(domain: Domain, kind: int, desired: Element | None) -> None:
    domain.raw.setMetadata(kind, None if desired is None else desired.text, None, None, _live())


def _metadata(domain: Domain, desired: Element | None, present: Element | None) -> None:
    before, after = (
        {child.tag: child for child in (parent or _EMPTY).children} for parent in (present, desired)
    )
    for tag in {**before, **after}:
        if before.get(tag) == after.get(tag):
            continue
        namespace, _brace, _name = tag[1:].partition("}")
        new = after.get(tag)
        document = prefix = None
        if new is not None:
            document, prefix = _of_application(new, namespace)
        kind = libvirt.VIR_DOMAIN_METADATA_ELEMENT
        domain.raw.setMetadata(kind, document, prefix or "app", namespace, _live())


def _of_application(element: Element, namespace: str) -> tuple[str, str]:
    """The element as virDomainSetMetadata takes it, and the prefix for its namespace.

    libvirt declares the namespace itself, and fails where the element declares the same prefix.
    So the element has no namespace, unless one of its attributes needs it.
    """
    known = {p: uri for p, uri in (element.namespaces or {}).items() if p is not None}
    inside = f"{{{namespace}}}"
    parts = list(element.walk())
    if any(name.startswith(inside) for part in parts for name in part.attributes):
        declared = {p for part in parts for p in part.namespaces or {}}
        free = (f"app{number}" for number in range(len(declared) + 1))
        return serialise(element), next(prefix for prefix in free if prefix not in declared)
    prefix = next((p for p, uri in known.items() if uri == namespace), "app")
    return serialise(_without_namespace(element, namespace)), prefix


def _without_namespace(element: Element, namespace: str) -> Element:
    children = [_without_namespace(child, namespace) for child in element.children]
    plain = element.replaced(children=children)
    plain.tag = element.tag.removeprefix(f"{{{namespace}}}")
    if element.namespaces:
        plain.namespaces = {p: uri for p, uri in element.namespaces.items() if uri != namespace}
    return plain


def _perf_events(domain: Domain, desired: Element | None, present: Element | None) -> None:
    before, after = (
        {event.get("name"): event.get("enabled") == "yes" for event in (parent or _EMPTY).children}
        for parent in (present, desired)
    )
    switched = {
        name: after.get(name, False)
        for name in {**before, **after}
        if before.get(name, False) != after.get(name, False)
    }
    if switched:
        domain.raw.setPerfEvents(switched, _live())


def _lifecycle(domain: Domain, desired: Element | None, present: Element | None) -> None:
    element = desired or present or _EMPTY
    action = (desired.text if desired is not None else None) or (
        # libvirt's default: virDomainDefParseXML.
        "restart" if element.tag == "on_reboot" else "destroy"
    )
    domain.raw.setLifecycleAction(_LIFECYCLES.index(element.tag), _ACTIONS.index(action), _live())


def _block_io_tune(domain: Domain, desired: Element | None, present: Element | None) -> None:
    limits, before = ((device or _EMPTY).child("iotune") or _EMPTY for device in (desired, present))
    # A missing limit is 0 for libvirt.
    parameters: dict[str, t.Any] = {
        name: int(limits.value(name) or 0)
        for name in (*_IO_TUNE, "size_iops_sec")
        # libvirt refuses a length without its limit, and keeps an old length until it is set to 0.
        if not name.endswith("_length") or limits.value(name) or before.value(name)
    }
    group = limits.value("group_name")
    if group is not None:
        parameters["group_name"] = group
    target = (desired or present or _EMPTY).value("target/@dev")
    domain.raw.setBlockIoTune(target, parameters, _live())


def _memory_statistics(domain: Domain, desired: Element | None, _present: Element | None) -> None:
    period = int((desired or _EMPTY).value("stats/@period") or 0)
    domain.raw.setMemoryStatsPeriod(period, _live())


def _new_texts(
    desired: Element | None, present: Element | None, tags: t.Iterable[str]
) -> t.Iterator[tuple[str, str]]:
    for tag in tags:
        text = (desired or _EMPTY).value(tag)
        if text is not None and text != (present or _EMPTY).value(tag):
            yield tag, text


CALLS: dict[str, Call] = {
    "attach": _attach,
    "block_io_tune": _block_io_tune,
    "block_weights": _block_weights,
    "description": _description,
    "iothreads": _iothreads,
    "lifecycle": _lifecycle,
    "memory": _memory,
    "memory_limits": _memory_limits,
    "memory_statistics": _memory_statistics,
    "metadata": _metadata,
    "numa_nodes": _numa_nodes,
    "perf_events": _perf_events,
    "pin_emulator": _pin_emulator,
    "pin_iothreads": _pin_iothreads,
    "pin_vcpus": _pin_vcpus,
    "scheduler": _scheduler,
    "title": _title,
    "update": _update,
    "vcpus": _vcpus,
}
