# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ends otherwise for a domain that exists, with the reason."""

from __future__ import annotations

from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Option,
)

from .newer import NEWER

_ADDED = "what is said is added to the features that the CPU has, as virt-xml does"
_KNOWN = "another device: this is what tells one from another"
_ENTRY = "another entry of a list: this is what tells one from another, and the other one stays"
_MIRRORED = "libvirt fills in the distance of the way back once, which stays"
_WITH_LABELS = ("disk", "serial", "parallel", "console", "channel", "redirdev", "smartcard")
_UNLABELLED = "libvirt keeps no label of such a source"
_RANDOM = "it is random"
_UUID = "the UUID of a domain never changes"

#: By group and option, with whatever value.
EXCEPTIONS: dict[str, str] = {
    **{f"cpu {name}": _ADDED for name in ("force", "require", "optional", "disable", "forbid")},
    "boot uefi": "a new domain with UEFI gets a TPM by default, and one that exists no default",
    **{f"{group} source.seclabel[].model": _KNOWN for group in _WITH_LABELS},
    **{f"{group} source.seclabel[].relabel": _UNLABELLED for group in ("redirdev", "smartcard")},
    **{f"{group} source.seclabel[].label": _UNLABELLED for group in ("redirdev", "smartcard")},
    "rng backend.source.seclabel[].relabel": _UNLABELLED,
    "rng backend.source.seclabel[].label": _UNLABELLED,
    "parallel target.type": "libvirt keeps no type of a parallel port's target",
    "blkiotune device[].path": _ENTRY,
    "boot firmware.feature[].enabled": "libvirt completes the features of a firmware, which stay",
    "boot firmware.feature[].name": _ENTRY,
    "channel target.name": _KNOWN,
    "console target.type": _KNOWN,
    "controller type": _KNOWN,
    "cpu numa.cell[].cache[].level": _ENTRY,
    "cpu numa.cell[].distances.sibling[].id": _ENTRY,
    "cpu numa.cell[].distances.sibling[].value": _MIRRORED,
    "cpu numa.interconnects.latency[].cache": _ENTRY,
    "cpu numa.interconnects.latency[].initiator": _ENTRY,
    "cpu numa.interconnects.latency[].target": _ENTRY,
    "cpu numa.interconnects.latency[].type": _ENTRY,
    "cpu numa.interconnects.bandwidth[].cache": _ENTRY,
    "cpu numa.interconnects.bandwidth[].initiator": _ENTRY,
    "cpu numa.interconnects.bandwidth[].target": _ENTRY,
    "cpu numa.interconnects.bandwidth[].type": _ENTRY,
    "cputune vcpupin[].vcpu": _ENTRY,
    "cputune vcpusched[].vcpus": _ENTRY,
    "cputune iothreadpin[].iothread": _ENTRY,
    "cputune iothreadsched[].iothreads": _ENTRY,
    "keywrap cipher[].name": _ENTRY,
    "network mac": _KNOWN,
    **{f"network portForward[]{name}": _ENTRY for name in ("", ".proto", ".address", ".dev")},
    "network portForward[].range[].start": _ENTRY,
    "sysinfo entry[].name": _ENTRY,
    "clock timer[].name": "another timer: its name is what tells one from another",
    "controller index": _KNOWN,
    "disk size": "an image grows once, and what has grown is not made smaller",
    "disk target.dev": _KNOWN,
    "filesystem target": _KNOWN,
    "filesystem target.dir": _KNOWN,
    "graphics type": "a new domain with SPICE gets no vmport feature by default",
    "input type": _KNOWN,
    "iothreads iothreadids.iothread[].id": "another thread: its number tells one from another",
    "network mac.address": _KNOWN,
    "parallel target.port": _KNOWN,
    "serial target.port": _KNOWN,
    "shmem name": _KNOWN,
    "metadata genid_enable": _RANDOM,
    "metadata uuid": _UUID,
    "sysinfo system.uuid": _UUID,
    "vcpus vcpus.vcpu[].id": "another virtual CPU: its number tells one from another",
    "vcpus vcpu.placement": "libvirt places CPUs as the memory is placed",
}
_NEEDED = "nothing can be without it, and an empty text leaves it as it is"
_ASSIGNED = "libvirt chooses one where none is said, and what it might have chosen stays"
_WRITTEN_OUT = "the value that libvirt takes where none is said stands there"
_AGAIN = "a new domain gets its default in this place, which the next task takes away"
_ONE_SOURCE = "no mode of the source is said, and it stays as libvirt made it of two addresses"

#: By group and option, or by option alone, with an empty text.
EMPTY: dict[str, str] = {
    "tpm backend.profile.source": "libvirt records the profile that the TPM was made with",
    **{
        f"address.{name}": _ASSIGNED
        for name in ("type", "domain", "bus", "slot", "function", "multifunction", "controller")
    },
    **{f"address.{name}": _ASSIGNED for name in ("port", "unit", "target", "base")},
    **{f"address.{name}": _ASSIGNED for name in ("iobase", "irq", "cssid", "ssid", "devno", "reg")},
    "disk source.reservations.source.mode": _NEEDED,
    "parallel type": _NEEDED,
    "audio type": _NEEDED,
    "channel type": _NEEDED,
    "cpu mode": _AGAIN,
    "cpu model": _WRITTEN_OUT,
    "cpu numa.interconnects.bandwidth[].unit": _NEEDED,
    "iommu model": _NEEDED,
    "memdev model": _NEEDED,
    "memory memory": _NEEDED,
    "redirdev source.mode": _NEEDED,
    "rng backend.model": _NEEDED,
    "rng backend.type": _NEEDED,
    "rng rate.period": _WRITTEN_OUT,
    "rng type": _NEEDED,
    "serial type": _NEEDED,
    "shmem role": _WRITTEN_OUT,
    "smartcard source.mode": _NEEDED,
    "vcpus maxvcpus": _NEEDED,
    "shmem size": "libvirt gives it 4 MiB where none is said",
    "boot nvram": _ASSIGNED,
    "boot nvram.template": _ASSIGNED,
    "console type": _NEEDED,
    "console target.type": _NEEDED,
    "disk bus": _NEEDED,
    "network virtualport.parameters.instanceid": _ASSIGNED,
    "network virtualport.parameters.interfaceid": _ASSIGNED,
    "smartcard mode": _NEEDED,
    "tpm backend.version": _ASSIGNED,
    "boot domain_type": _NEEDED,
    "boot machine": _NEEDED,
    "clock timer[].tickpolicy": _AGAIN,
    "controller model": _NEEDED,
    "disk target.bus": _NEEDED,
    "graphics image.compression": _AGAIN,
    "network model": _NEEDED,
    "network virtualport.parameters.profileid": _ASSIGNED,
    **{
        f"{group} source.{name}": _ONE_SOURCE
        for group in ("redirdev", "smartcard")
        for name in ("bind_host", "bind_service")
    },
    "rng backend": _NEEDED,
    "rng device": _NEEDED,
    "vcpus vcpu": _NEEDED,
    "vcpus vcpus": _NEEDED,
}

#: By group and option, told to domain_device.
DEVICES: dict[str, str] = {}

#: Groups of which nothing can be cleared here, and of which nothing is changed by XPath.
CLEARED: dict[str, str] = {
    "audio": "there is nothing in it that it can be without",
    "controller": "libvirt adds controllers and their parts as devices need them",
    "hostdev": "the host has no device that a guest can be given",
    "idmap": "QEMU maps no users",
    "launchSecurity": "this QEMU has no SEV",
    "pstore": "libvirt 9.0 has no such device",
}
XPATHS: dict[str, str] = {
    "audio": CLEARED["audio"],
    "clock": "all of it is in lists",
    "controller": CLEARED["controller"],
    "cpu model": "the mode decides whether there is a model",
    "graphics port": "as for virt-xml, libvirt heeds no port beside autoport, which stays",
    "hostdev": CLEARED["hostdev"],
    "keywrap": "all of it is in lists",
    "launchSecurity": CLEARED["launchSecurity"],
    "pstore": CLEARED["pstore"],
    "sysinfo": "all of it is in lists",
}
_CHARS = ("serial", "parallel", "channel", "console", "redirdev", "smartcard")
_NO_FALSE = "virt-xml has no word for no such boot device"
_WITH_PORT = "the port goes with the address"
_BESIDE = "the amount is said beside its unit here, and virt-xml has that in libvirt's own unit"
_OLD = "what belonged to the old value goes"
_BY_DEFAULT = "it is what a new domain gets by default"
#: By group and option, or by group: where virt-xml does it otherwise.
VIRT_XML: dict[str, str] = {
    "boot cdrom": _NO_FALSE,
    "boot fd": _NO_FALSE,
    "boot hd": _NO_FALSE,
    "boot network": _NO_FALSE,
    "boot refresh-machine-type": "virt-xml takes any value for yes",
    **{f"{group} bind_host": _WITH_PORT for group in _CHARS},
    **{f"{group} host": _WITH_PORT for group in _CHARS},
    **{f"{group} mode": _NEEDED for group in _CHARS},
    **{f"{group} source.mode": _NEEDED for group in _CHARS},
    "console": "what is said of a console that is a serial port is said of that too",
    "cpu model": "the rest of the model's element stays, from which libvirt takes its default",
    "cpu numa.cell[].memory": "the memory at the start goes with the most",
    "cpu numa.cell[].unit": _BESIDE,
    "cpu numa.interconnects.bandwidth[].unit": _BESIDE,
    "disk perms": "it is one value here, so that one takes the others away",
    "disk source.protocol": _OLD,
    "features": "virt-xml leaves an empty element, which libvirt takes for one that is on",
    "features vmport.state": _BY_DEFAULT,
    "filesystem accessmode": _NEEDED,
    "filesystem driver.type": _OLD,
    "filesystem source.socket": "virt-xml 4.1 writes an element, which libvirt drops",
    "graphics listens[].address": "an address is said twice, and virt-xml takes one of them away",
    "graphics listens[].socket": "a socket is said twice, and virt-xml takes one of them away",
    "memory maxmemory": "the amount at the start is said beside it here",
    "memory memory": "it is the amount at the start and the most, as for a new domain",
    "memorybacking hugepages.page[].unit": _BESIDE,
    "network model.type": _NEEDED,
    "network virtualport.type": "libvirt makes up the parameters of a port",
    "panic model": _NEEDED,
    "pm": _BY_DEFAULT,
    "qemu_commandline env": "variables have no order",
    "shmem size.unit": _BESIDE,
    "sysinfo": "virt-xml edits the first one, whatever its type",
    "tpm model": _NEEDED,
    "video model.type": _OLD,
}
#: How many cases of a group's sub-options prove nothing, at most: this host has no such device,
#: QEMU no such feature, or the other value needs a domain that can't be made here.
UNPROVEN: dict[str, int] = {
    "boot": 20,
    "channel": 22,
    "clock": 3,
    "console": 23,
    "controller": 13,
    "cpu": 5,
    "cputune": 35,
    "disk": 79,
    "filesystem": 32,
    "graphics": 6,
    "hostdev": 13,
    "input": 4,
    "launchSecurity": 23,
    "memdev": 13,
    "memory": 2,
    "memtune": 2,
    "metadata": 2,
    "network": 2,
    "numatune": 2,
    "panic": 2,
    "parallel": 25,
    "redirdev": 9,
    "rng": 10,
    "seclabel": 2,
    "serial": 23,
    "shmem": 3,
    "smartcard": 15,
    "sysinfo": 3,
    "tpm": 8,
    "vcpus": 7,
}


for _row in NEWER:
    # test_newer.py sees to it that each of these proves something, or is refused for its age.
    _group = _row.partition(" ")[0]
    UNPROVEN[_group] = UNPROVEN.get(_group, 0) + 5


def reason_for(group: Group, option: Option, value: object) -> str | None:
    """Why a value of an option may end otherwise for a domain that exists."""
    row = f"{group.name} {option.name}"
    empty = EMPTY.get(row, EMPTY.get(option.name)) if value == "" else None
    return EXCEPTIONS.get(row, empty)


#: Groups of which ``none`` proves less, with the reason.
NONE: dict[str, str] = {
    "pstore": "libvirt 9.0 has no such device",
    "disk": "no disk goes without exclusive",
    "graphics": "what comes along with graphics by default are devices of their own, which stay",
    "launchSecurity": "this QEMU has no SEV",
    "hostdev": "the host has no device that a guest can be given",
}
