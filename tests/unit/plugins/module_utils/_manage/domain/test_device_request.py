# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The devices that a request selects, of a guest whose definition has been changed meanwhile."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.device_request import (
    DeviceRequest,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.domain.device import (
    Devices,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.device import DeviceXml
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.device_match import (
    Selected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


def _interfaces(*networks: str) -> Devices:
    """A document with an interface on each of these networks."""
    devices = "".join(
        f"<interface type='network'><mac address='52:54:00:00:00:0{number}'/><source network='{network}'/>"
        "</interface>"
        for number, network in enumerate(networks)
    )
    return Devices(parse(f"<domain type='kvm'><name>a</name><devices>{devices}</devices></domain>"))


_INTERFACE = parse("<interface/>")
_ON_DEFAULT = DeviceRequest(
    DeviceXml(_INTERFACE),
    Selected([parse("<interface><source network='default'/></interface>")], lambda _device: True),
)


def test_what_goes_from_a_definition_is_what_it_has() -> None:
    definition = _interfaces("default", "other", "default")
    # The second was on another network when the guest was started, and the third was plugged out.
    running = _interfaces("default", "default")
    defined, only_live = _ON_DEFAULT.each_going(definition, running)
    first, _second, third = definition.all()
    assert [id(device) for device in defined] == [id(first), id(third)]
    assert [id(device) for device in only_live] == [id(running.all()[1])]
    assert _ON_DEFAULT.each_going(definition, None) == (defined, [])


def test_what_is_changed_has_been_changed_in_the_definition_alone() -> None:
    definition, running = _interfaces("default", "other"), _interfaces("other", "default")
    assert _ON_DEFAULT.each(definition, running) == definition.all()
    assert _ON_DEFAULT.each(definition, None) == definition.all()[:1]
