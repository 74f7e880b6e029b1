# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only libvirt's answer at run time tells, so that check mode can't."""

from __future__ import annotations

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Reason:
    """``message`` is a pattern of what libvirt says; ``reason`` why check mode doesn't."""

    message: str
    reason: str


_DRIVER = "only libvirt's driver knows what this QEMU can do"
_PLACES = "libvirt gives addresses and ports when it defines, and then finds one taken"
_TOGETHER = "libvirt looks at what goes together when it defines"
_BUS = "the guest's bus takes nothing in or out while it runs"

#: Of a run that fails where check mode doesn't. The first that fits holds.
REFUSALS: tuple[Reason, ...] = (
    Reason(r"define.*: XML error: Attempted double use of PCI Address", _PLACES),
    Reason(r"define.*: internal error: target port '\d+' already allocated", _PLACES),
    Reason(r"define.*: internal error: No free USB ports", _PLACES),
    Reason(r"define.*port \d+ is already|no free|[Nn]o more available PCI slots", _PLACES),
    Reason(r"define.*PCI address .* (is not|already)|Invalid PCI address", _PLACES),
    Reason(r"define.*XML error: PCI bus is not compatible with the device", _PLACES),
    Reason(r"define.*a PCI slot is needed to connect a PCI controller", _PLACES),
    Reason(r"define.*: XML error: The device at PCI address .* cannot be plugged", _PLACES),
    Reason(r"define.*: unsupported configuration: IDE controllers are unsupported", _DRIVER),
    Reason(r"define.*: unsupported configuration: IOMMU device: .* is only supported", _DRIVER),
    Reason(r"define.*: unsupported configuration: readonly \w+ disks are not", _DRIVER),
    Reason(r"define.*: unsupported configuration: .* not supported (by|for|in|with)", _DRIVER),
    Reason(r"define.*: unsupported configuration: .* (does not|doesn't|do not) support", _DRIVER),
    Reason(
        r"define.*: unsupported configuration: .*(is|are) (not|only) (supported|available)", _DRIVER
    ),
    Reason(r"define.*: (XML error|unsupported configuration): .*boot order '\d' used", _TOGETHER),
    Reason(r"define.*: unsupported configuration: shared access for disk", _TOGETHER),
    Reason(r"define.*: unsupported configuration: transient disk '\w+' must not be", _TOGETHER),
    Reason(r"define.*: (XML error|unsupported configuration): target '\w+' duplicated", _TOGETHER),
    Reason(r"define.*: unsupported configuration: per-device boot elements cannot", _TOGETHER),
    Reason(r"define.*: unsupported configuration: a 'none' video type must be", _TOGETHER),
    Reason(
        r"define.*: unsupported configuration: ",
        "only libvirt's driver knows what it supports (VIR_ERR_CONFIG_UNSUPPORTED)",
    ),
    Reason(r"define.*: XML error: (only|a|an) .* (is|are) supported", _DRIVER),
    Reason(
        r"failed to start.*(unable to open vhost-vsock device|Failed to get .write. lock)",
        "what the host has is known when the guest is started",
    ),
    Reason(r"failed to start the domain", "whether QEMU takes a guest is known when it is started"),
)

#: Of a change that a running guest is not given where check mode says that it is.
KEPT: tuple[Reason, ...] = (
    Reason(r"Bus '\S+' does not support hotplugging", _BUS),
    Reason(
        r"the guest has not released it within",
        "a guest decides itself when it releases a device",
    ),
    Reason(
        r"No more available PCI slots|no virtio-serial controllers|controller \d+ is missing",
        "libvirt finds no place for what is plugged in",
    ),
    Reason(
        r"unable to open vhost-vsock device",
        "what the host has is known when the device is plugged in",
    ),
    Reason(
        r"transient disk '\w+' must not be read-only",
        "libvirt looks at a device's document when it is plugged in",
    ),
    Reason(
        r"unsupported configuration|Operation not supported|operation is not supported",
        "libvirt knows whether it can plug or change such a device",
    ),
    Reason(
        r"The \S+ interface already exists",
        "a guest decides itself when it releases a device",
    ),
    Reason(r"unable to execute QEMU command|internal error", "QEMU refuses the change"),
    Reason(
        r"the guest is being installed",
        "what waits in an installation has that as its reason",
    ),
    Reason(
        r"has not made it so",
        "libvirt has taken the change, and the guest shows another value",
    ),
)


def reason_for(message: str, rows: tuple[Reason, ...]) -> str | None:
    """Why the run could fail with this message where check mode did not."""
    return next((row.reason for row in rows if re.search(row.message, message)), None)
