# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a network."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  uuid:
    description:
      - The UUID of a new network. libvirt chooses one by default, and one that exists keeps its own.
    type: str
  title:
    description:
      - A short text for people. libvirt keeps it from version 9.7 on.
    type: str
  description:
    description:
      - A text for people. libvirt keeps it from version 9.7 on.
    type: str
  forward:
    description:
      - How the guests reach what is outside of the network.
    type: dict
    suboptions:
      mode:
        description:
          - V(nat), V(route) and V(open) are networks with a bridge that libvirt makes, between which and the outside it translates
            addresses, routes, or routes without rules of a firewall. V(none) is a network that guests and the host alone are on.
          - V(bridge) is a bridge of the host, O(bridge), or a macvtap device of O(forward.interfaces).
          - V(private), V(vepa) and V(passthrough) are macvtap devices of O(forward.interfaces), and V(hostdev) gives devices
            of the host to guests.
          - V(nat) for a new network.
        type: str
        choices: [none, nat, route, open, bridge, private, vepa, passthrough, hostdev]
      dev:
        description:
          - The device of the host through which alone traffic is forwarded. It is the first of O(forward.interfaces).
        type: str
      managed:
        description:
          - Whether libvirt takes devices of V(hostdev) from the host's driver and gives them back.
        type: bool
      interfaces:
        description:
          - The devices of the host. The first is the main one.
        type: list
        elements: str
      pf:
        description:
          - The physical function whose virtual functions guests get.
        type: str
      driver:
        description:
          - The driver of devices of V(hostdev).
        type: str
        choices: [vfio, kvm]
      nat:
        description:
          - How addresses are translated.
        type: dict
        suboptions:
          ipv6:
            description: Whether IPv6 addresses are translated too.
            type: bool
          address:
            description: The host's addresses that stand for those of the guests.
            type: dict
            suboptions:
              start:
                description: The first one.
                type: str
              end:
                description: The last one.
                type: str
          port:
            description: The host's ports that stand for those of the guests; 1024 to 65535 by default.
            type: dict
            suboptions:
              start:
                description: The first one.
                type: int
              end:
                description: The last one.
                type: int
  bridge:
    description:
      - The bridge. libvirt makes it, unless the mode is V(bridge).
    type: dict
    suboptions:
      name:
        description:
          - Its name, that of the host's bridge with the mode V(bridge). libvirt finds a free C(virbr) by default.
        type: str
      stp:
        description: Whether it takes part in the spanning tree protocol. libvirt's default is V(true).
        type: bool
      delay:
        description: The delay of forwarding, in seconds. libvirt's default is V(0).
        type: int
      zone:
        description: The zone of firewalld that it is in.
        type: str
      mac_table_manager:
        description: Who knows the MAC addresses behind its ports.
        type: str
        choices: [kernel, libvirt]
  mac:
    description:
      - The MAC address of the bridge, which guests know as that of their gateway. libvirt draws one, and a network that exists
        keeps its own.
    type: str
  mtu:
    description:
      - The largest packet, in bytes.
    type: int
  domain:
    description:
      - The domain that guests are in.
      - An empty dictionary means that the network has none, like libvirt's own network C(default).
    type: dict
    suboptions:
      name:
        description:
          - Its name. That of the network for a new network with a bridge that libvirt makes.
        type: str
      local_only:
        description: Whether questions about this domain are never passed on to other servers.
        type: bool
      register:
        description: Whether systemd-resolved on the host knows the domain (libvirt 10.1).
        type: bool
  dns:
    description:
      - libvirt's DNS server for the network.
    type: dict
    suboptions:
      enable:
        description: Whether there is one. libvirt's default is V(true).
        type: bool
      forward_plain_names:
        description: Whether names without a dot are passed on to other servers.
        type: bool
      forwarders:
        description:
          - The servers that are asked, in this order.
        type: list
        elements: dict
        suboptions:
          addr:
            description: The address of the server. Without one, the domain is answered here alone.
            type: str
          domain:
            description: The domain that it is asked about; every domain by default.
            type: str
          port:
            description: Its port (libvirt 12.0).
            type: int
          state: &state
            description: V(absent) takes the entry out.
            type: str
            choices: [present, absent]
            default: present
      txt:
        description:
          - Text records, one for each name.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name.
            type: str
            required: true
          value:
            description: The text.
            type: str
          state: *state
      srv:
        description:
          - Records of services.
        type: list
        elements: dict
        suboptions:
          service:
            description: The name of the service, without an underscore.
            type: str
            required: true
          protocol:
            description: V(tcp) or V(udp).
            type: str
            required: true
          domain:
            description: The domain of the record.
            type: str
          target:
            description: The host that offers it. Without one, nobody does.
            type: str
          port:
            description: The port.
            type: int
          priority:
            description: Hosts with lower priorities are asked first.
            type: int
          weight:
            description: The share among hosts of one priority.
            type: int
          state: *state
      hosts:
        description:
          - Names of addresses, one entry for each address.
        type: list
        elements: dict
        suboptions:
          ip:
            description: The address.
            type: str
            required: true
          hostnames:
            description: Its names. The first answers for the address.
            type: list
            elements: str
          state: *state
  ips:
    description:
      - The addresses of the host on the network, each with its subnet. An entry is known by its address.
      - A new network with a bridge that libvirt makes gets the first free subnet of 192.168.100.0/24, 192.168.101.0/24 and so on if
        this is left out, with DHCP for its second half, as in virt-manager's wizard. Free is what overlaps with no network and no
        route of the host. V([]) makes one without an address.
    type: list
    elements: dict
    suboptions:
      address:
        description: The address of the host, which is the gateway of the guests.
        type: str
        required: true
      netmask:
        description: The mask of the subnet. Mutually exclusive with O(ips[].prefix).
        type: str
      prefix:
        description: The number of bits of the mask.
        type: int
      family:
        description: That of the address by default.
        type: str
        choices: [ipv4, ipv6]
      local_ptr:
        description: Whether questions about the names of these addresses are never passed on to other servers.
        type: bool
      tftp:
        description: The folder that is offered by TFTP.
        type: str
      dhcp:
        description:
          - The addresses that guests get by DHCP. One IPv4 and one IPv6 subnet of a network may have it.
        type: dict
        suboptions:
          ranges:
            description: Addresses for everybody.
            type: list
            elements: dict
            suboptions:
              start:
                description: The first one.
                type: str
                required: true
              end:
                description: The last one.
                type: str
                required: true
              lease: &lease
                description: How long a guest has the address.
                type: dict
                suboptions:
                  expiry:
                    description: The time; V(0) stands for ever.
                    type: int
                    required: true
                  unit:
                    description: Its unit, V(minutes) by default.
                    type: str
                    choices: [seconds, minutes, hours]
              state: *state
          hosts:
            description:
              - Addresses for certain guests. An entry is known by its MAC address, else by its DUID, its name or its address, and no two
                entries may have one of these in common.
            type: list
            elements: dict
            suboptions:
              mac:
                description: The MAC address.
                type: str
              id:
                description: The DUID, with IPv6.
                type: str
              name:
                description: The name that the guest gets.
                type: str
              ip:
                description: The address.
                type: str
              lease: *lease
              state: *state
          bootp:
            description: What is booted over the network, with IPv4.
            type: dict
            suboptions:
              file:
                description: The file.
                type: str
              server:
                description: The server; the host by default.
                type: str
      state: *state
  routes:
    description:
      - Routes of the host to what is behind guests.
    type: list
    elements: dict
    suboptions:
      address:
        description: The address of the network that it leads to.
        type: str
        required: true
      netmask:
        description: Its mask. Mutually exclusive with O(routes[].prefix).
        type: str
      prefix:
        description: The number of bits of the mask.
        type: int
      family:
        description: That of the address by default.
        type: str
        choices: [ipv4, ipv6]
      gateway:
        description: The guest that leads there.
        type: str
        required: true
      metric:
        description: Of several routes, that with the lowest metric is used.
        type: int
      state: *state
  portgroups:
    description:
      - Groups of ports, which NICs name. NICs that are plugged in later have what is changed.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name.
        type: str
        required: true
      default:
        description: Whether NICs without a group are in this one.
        type: bool
      trust_guest_rx_filters:
        description: Whether guests may change what macvtap devices receive.
        type: bool
      vlan: &vlan
        description: The VLANs of the ports.
        type: dict
        suboptions:
          trunk:
            description: Whether the ports carry several VLANs.
            type: bool
          tags:
            description: The VLANs.
            type: list
            elements: dict
            suboptions:
              id:
                description: The number.
                type: int
                required: true
              native_mode:
                description: Whether packets of the native VLAN are tagged.
                type: str
                choices: [tagged, untagged]
      virtualport: &virtualport
        description: What a switch knows the ports by.
        type: dict
        suboptions:
          type:
            description: The type.
            type: str
            choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
          profile_id:
            description: The profile of the port.
            type: str
          interface_id:
            description: The UUID of the interface.
            type: str
          manager_id:
            description: The VSI manager.
            type: str
          type_id:
            description: The VSI type.
            type: str
          type_id_version:
            description: The version of the VSI type.
            type: str
          instance_id:
            description: The UUID of the VSI instance.
            type: str
      bandwidth: &bandwidth
        description: How much may be transferred.
        type: dict
        suboptions:
          inbound: &limits
            description: To the guests.
            type: dict
            suboptions:
              average:
                description: KiB in a second, on average.
                type: int
              peak:
                description: KiB in a second, at most.
                type: int
              burst:
                description: KiB at once.
                type: int
              floor:
                description: KiB in a second that are certain.
                type: int
          outbound:
            description: From the guests.
            type: dict
            suboptions:
              average:
                description: KiB in a second, on average.
                type: int
              peak:
                description: KiB in a second, at most.
                type: int
              burst:
                description: KiB at once.
                type: int
      state: *state
  vlan: *vlan
  virtualport: *virtualport
  bandwidth: *bandwidth
  isolated:
    description:
      - Whether the guests can't reach each other.
    type: bool
  ipv6:
    description:
      - Whether guests may use IPv6 among themselves where the network has no IPv6 address.
    type: bool
  trust_guest_rx_filters:
    description:
      - Whether guests may change what macvtap devices receive.
    type: bool
  dnsmasq_options:
    description:
      - Options of dnsmasq's configuration file, in this order. libvirt doesn't check them.
      - Those that aren't listed stay, unless O(mode=exact).
    type: list
    elements: str
"""
