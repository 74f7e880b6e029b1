# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that change a running guest, by the names of ``rules.domain.live_calls``.

Each takes the domain, the element that is wanted and the one that is there, one
of which may be ``None``, and changes only the running guest.
"""

from __future__ import annotations

import typing as t

from .._rules.amounts import kib
from .._rules.domain.live_calls import vcpu_count
from .._rules.spelling import bitmap
from .._xmltree.element import Element
from .._xmltree.serialise import serialise
from .domains import Domain
from .libvirt_import import libvirt

Call = t.Callable[[Domain, t.Optional[Element], t.Optional[Element]], None]

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


def _attach(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    domain.raw.attachDeviceFlags(serialise(wanted or _EMPTY), _live())


def _update(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    domain.raw.updateDeviceFlags(serialise(wanted or _EMPTY), _live())


def _memory(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    amount = kib(wanted)
    domain.raw.setMemoryFlags(domain.raw.maxMemory() if amount is None else amount, _live())


def _vcpus(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    domain.raw.setVcpusFlags(vcpu_count(wanted)[0], _live())


def _pin_vcpus(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    for number, cpus in _pins(domain, wanted, present, "vcpupin", "vcpu"):
        domain.raw.pinVcpuFlags(number, cpus, _live())


def _pin_iothreads(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    for number, cpus in _pins(domain, wanted, present, "iothreadpin", "iothread"):
        domain.raw.pinIOThread(number, cpus, _live())


def _pin_emulator(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    cpus = (wanted or _EMPTY).value("emulatorpin/@cpuset")
    domain.raw.pinEmulator(_cpu_map(domain, cpus), _live())


def _pins(
    domain: Domain, wanted: Element | None, present: Element | None, tag: str, attribute: str
) -> t.Iterator[tuple[int, tuple[bool, ...]]]:
    """The threads that are to run elsewhere."""
    before, after = (
        {pin.get(attribute) or "": pin.get("cpuset") for pin in (parent or _EMPTY).all(tag)}
        for parent in (present, wanted)
    )
    for number in sorted(after, key=int):
        # What is pinned no more waits for the next start: libvirt has no call for that.
        if before.get(number) != after[number]:
            yield int(number), _cpu_map(domain, after[number])


def _cpu_map(domain: Domain, cpus: str | None) -> tuple[bool, ...]:
    """The CPUs of the host, each with whether it is among these."""
    count = int(domain.connection.raw.getCPUMap()[0])
    numbers = bitmap(cpus) if cpus is not None else None
    if not isinstance(numbers, frozenset):
        return (True,) * count
    # One that the host lacks makes the map longer, and libvirt refuse it.
    return tuple(number in numbers for number in range(max(count, max(numbers) + 1)))


def _scheduler(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    domain.raw.setSchedulerParametersFlags(
        {_SCHEDULER[tag]: int(text) for tag, text in _new_texts(wanted, present, _SCHEDULER)},
        _live(),
    )


def _memory_limits(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    names = ("hard_limit", "soft_limit", "swap_hard_limit")
    amounts = {name: kib((wanted or _EMPTY).child(name)) for name in names}
    unlimited = libvirt.VIR_DOMAIN_MEMORY_PARAM_UNLIMITED
    domain.raw.setMemoryParameters(
        {name: unlimited if amount is None else amount for name, amount in amounts.items()},
        _live(),
    )


def _numa_nodes(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    nodes = (wanted or _EMPTY).value("memory/@nodeset") or ""
    domain.raw.setNumaParameters({libvirt.VIR_DOMAIN_NUMA_NODESET: nodes}, _live())


def _block_weights(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    parameters: dict[str, t.Any] = {
        tag: int(text) for tag, text in _new_texts(wanted, present, ("weight",))
    }
    for tag in _BLOCK_WEIGHTS:
        parts = [
            f"{device.value('path')},{device.value(tag)}"
            for device in (wanted or _EMPTY).all("device")
            if device.value(tag) is not None
        ]
        if parts:
            parameters[f"device_{tag}"] = ",".join(parts)
    domain.raw.setBlkioParameters(parameters, _live())


def _iothreads(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    there = {info[0] for info in domain.raw.ioThreadInfo(_live())}
    for number in sorted(_iothread_ids(wanted, there) - there):
        domain.raw.addIOThread(number, _live())
    for number in sorted(there - _iothread_ids(wanted, there), reverse=True):
        domain.raw.delIOThread(number, _live())


def _iothread_ids(wanted: Element | None, there: t.Collection[int]) -> set[int]:
    """Those that are listed; of a mere number, the lowest that are free."""
    if wanted is None:
        return set()
    if wanted.tag == "iothreadids":
        return {int(thread.get("id") or 0) for thread in wanted.all("iothread")}
    count = int(wanted.text or 0)
    found = sorted(there)[:count]
    free = (number for number in range(1, count + len(there) + 1) if number not in there)
    return {*found, *(next(free) for _missing in range(count - len(found)))}


def _title(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    _set_metadata(domain, libvirt.VIR_DOMAIN_METADATA_TITLE, wanted)


def _description(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    _set_metadata(domain, libvirt.VIR_DOMAIN_METADATA_DESCRIPTION, wanted)


def _set_metadata(domain: Domain, kind: int, wanted: Element | None) -> None:
    domain.raw.setMetadata(kind, None if wanted is None else wanted.text, None, None, _live())


def _metadata(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    before, after = (
        {child.tag: child for child in (parent or _EMPTY).children} for parent in (present, wanted)
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
    It is left out of the element, unless an attribute is in it.
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


def _perf_events(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    before, after = (
        {event.get("name"): event.get("enabled") == "yes" for event in (parent or _EMPTY).children}
        for parent in (present, wanted)
    )
    switched = {
        name: after.get(name, False)
        for name in {**before, **after}
        if before.get(name, False) != after.get(name, False)
    }
    if switched:
        domain.raw.setPerfEvents(switched, _live())


def _lifecycle(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    element = wanted or present or _EMPTY
    action = (wanted.text if wanted is not None else None) or (
        # What libvirt does where nothing is said: virDomainDefParseXML.
        "restart" if element.tag == "on_reboot" else "destroy"
    )
    domain.raw.setLifecycleAction(_LIFECYCLES.index(element.tag), _ACTIONS.index(action), _live())


def _block_io_tune(domain: Domain, wanted: Element | None, present: Element | None) -> None:
    limits, before = ((one or _EMPTY).child("iotune") or _EMPTY for one in (wanted, present))
    # What isn't said is no limit, which libvirt writes as 0.
    parameters: dict[str, t.Any] = {
        name: int(limits.value(name) or 0)
        for name in (*_IO_TUNE, "size_iops_sec")
        # A length is refused without the limit that it is about, but stays until it is taken away.
        if not name.endswith("_length") or limits.value(name) or before.value(name)
    }
    group = limits.value("group_name")
    if group is not None:
        parameters["group_name"] = group
    target = (wanted or present or _EMPTY).value("target/@dev")
    domain.raw.setBlockIoTune(target, parameters, _live())


def _memory_statistics(domain: Domain, wanted: Element | None, _present: Element | None) -> None:
    period = int((wanted or _EMPTY).value("stats/@period") or 0)
    domain.raw.setMemoryStatsPeriod(period, _live())


def _new_texts(
    wanted: Element | None, present: Element | None, tags: t.Iterable[str]
) -> t.Iterator[tuple[str, str]]:
    for tag in tags:
        text = (wanted or _EMPTY).value(tag)
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
