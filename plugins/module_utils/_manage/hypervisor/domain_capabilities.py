# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The description of what guests of one architecture, machine type and virtualisation can have."""

from __future__ import annotations

import typing as t

from ..._virtinst.domain_capabilities import DomainCapabilities
from ..._xmltree.element import Element

#: What libvirt says of a CPU model, with "unknown" where QEMU doesn't tell.
_USABLE = {"yes": True, "no": False}


def described_capabilities(capabilities: DomainCapabilities) -> dict[str, t.Any] | None:
    """Domain capabilities as plain values; ``None`` where the driver has none.

    Enumerations and numbers have libvirt's own names, because each version has more.
    """
    root = capabilities.root
    if not root.children:
        return None
    return {
        "arch": root.value("arch"),
        "machine": root.value("machine"),
        "virt_type": root.value("domain"),
        "emulator": root.value("path"),
        "max_vcpus": _number(root.value("vcpu/@max")),
        "iothreads": root.value("iothreads/@supported") == "yes",
        "firmware": {
            "automatic": capabilities.values("os", "firmware"),
            "loaders": [each.text for each in root.findall("os/loader/value")],
            "loader_types": capabilities.values("os/loader", "type"),
            "secure_boot": "yes" in capabilities.values("os/loader", "secure"),
        },
        "cpu": _cpu(capabilities),
        "devices": _blocks(root.child("devices")),
        "features": _blocks(root.child("features")),
    }


def _cpu(capabilities: DomainCapabilities) -> dict[str, t.Any]:
    modes = capabilities.root.findall("cpu/mode")
    host_model = capabilities.cpu_mode("host-model")
    return {
        "modes": [each.get("name") for each in modes if each.get("supported") == "yes"],
        "host_model": None if host_model is None else host_model.value("model"),
        "models": [
            {
                "name": model.text,
                "usable": _USABLE.get(model.get("usable") or ""),
                "vendor": model.get("vendor"),
                "deprecated": model.get("deprecated") == "yes",
            }
            for mode in modes
            if mode.get("name") == "custom"
            for model in mode.all("model")
        ],
    }


def _blocks(parent: Element | None) -> dict[str, dict[str, t.Any]]:
    return {each.tag: _block(each) for each in (parent or Element("none")).children}


def _block(element: Element) -> dict[str, t.Any]:
    """A kind of device or a feature: whether there is it, its enumerations, and single values."""
    found: dict[str, t.Any] = {"supported": element.get("supported") == "yes"}
    for child in element.children:
        if child.tag == "enum":
            found[child.get("name") or ""] = [value.text for value in child.all("value")]
        elif child.text is not None and not child.children:
            number = _number(child.text)
            found[child.tag] = child.text if number is None else number
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None
