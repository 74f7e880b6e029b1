# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the documentation that follows from the table of options.

Usage: option_docs.py COLLECTION
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
import textwrap
import typing as t

import yaml
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domain_options import (
    RENAMED,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.listed import (
    LISTS,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.rows import (
    Group,
    Kind,
    Lists,
    Nothing,
    Option,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

#: The pages, in the order of the site. The page ``options`` has those of all options.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Start here": (
        "guide_getting_started",
        "guide_which_module",
        "guide_i_want_to",
        "guide_troubleshooting",
        "guide_coming_from",
        "guide_virt_install",
        "guide_domain_xml",
        "guide_images",
        "guide_trees",
        "guide_cloud_init",
        "guide_unattended",
    ),
    "Guides": (
        "guide_hypervisor",
        "guide_remote",
        "guide_drivers",
        "guide_windows",
        "guide_estate",
        "guide_host",
        "guide_adopt",
        "guide_networks",
        "guide_devices",
        "guide_running_guests",
        "guide_stopping_guests",
        "guide_snapshots",
        "guide_backups",
        "guide_domain_info",
        "guide_clones",
        "guide_migration",
        "guide_inventory",
        "guide_agent",
        "guide_screen",
        "guide_molecule",
        "guide_storage",
        "guide_secrets",
        "guide_nwfilters",
        "guide_scale",
        "guide_awx",
        "guide_eda",
    ),
    "Reference of options": ("options", "live_changes"),
    "For those who change the collection": ("architecture",),
}
#: What is used most, of the options and of the sub-options of each.
USE: dict[str, t.Any] = yaml.safe_load(
    (pathlib.Path(__file__).parent / "option_use.yml").read_text(encoding="utf-8")
)
#: The sub-options that an option has beside its own, and what a page calls them.
_EVERYWHERE = {
    "Where the device sits, and its driver": re.compile(
        r"(address\.|alias|boot\.(order|loadparm)|driver\.(ats|iommu|packed|page_per_vq))"
    ),
    "Any other place of the XML": re.compile(r"(clearxml|xpath)\b"),
}
#: Fewer are not divided.
_FEW = 8
#: ``a, b or c``
_VALUES = re.compile(r"[\w-]+(, [\w-]+)+ or |[\w-]+ or [\w-]+$|[\w-]+(, [\w-]+)+…?$")
#: What the pages show: sub-options and their values.
EXAMPLES: dict[str, dict[str, str]] = {
    "boot": {"uefi": "yes", "hd": "yes", "network": "yes", "menu": "on"},
    "metadata": {"title": "Web server", "description": "Serves the shop"},
    "memory": {"memory": "2048", "maxmemory": "4096"},
    "cpu": {"model": "host-passthrough", "topology.sockets": "1", "topology.cores": "4"},
    "vcpus": {"vcpu": "4", "maxvcpus": "8", "cpuset": "0-3"},
    "idmap": {"uid.start": "0", "uid.target": "1000", "uid.count": "10"},
    "disk": {"size": "20", "bus": "virtio", "driver.cache": "none", "driver.queues": "4"},
    "network": {"network": "default", "model.type": "virtio", "mtu.size": "9000"},
    "graphics": {"type": "vnc", "listen": "192.0.2.1", "port": "5901"},
    "controller": {"type": "scsi", "model": "virtio-scsi", "driver.queues": "4"},
    "input": {"type": "tablet", "bus": "usb"},
    "serial": {
        "type": "tcp",
        "source.host": "192.0.2.1",
        "source.service": "2222",
        "source.mode": "bind",
    },
    "parallel": {"type": "dev", "source.path": "/dev/parport0"},
    "channel": {"type": "unix", "target.type": "virtio", "target.name": "org.qemu.guest_agent.0"},
    "console": {"type": "pty", "target.type": "virtio"},
    "hostdev": {"type": "pci", "address.type": "pci"},
    "filesystem": {"source": "/srv/shared", "target": "shared", "accessmode": "mapped"},
    "sound": {"model": "ich9", "codec0.type": "micro"},
    "audio": {"id": "1", "type": "spice"},
    "watchdog": {"model": "i6300esb", "action": "reset"},
    "video": {"model.type": "virtio", "model.heads": "2"},
    "smartcard": {"mode": "passthrough", "type": "spicevmc"},
    "redirdev": {"bus": "usb", "type": "spicevmc"},
    "memballoon": {"model": "virtio", "stats.period": "10"},
    "tpm": {"backend.type": "emulator", "backend.version": "2.0", "model": "tpm-crb"},
    "rng": {"backend.model": "random", "backend": "/dev/urandom", "rate.bytes": "1024"},
    "panic": {"model": "isa"},
    "shmem": {"name": "shared", "role": "peer", "model.type": "ivshmem-plain", "size": "4"},
    "memdev": {"model": "dimm", "target.size": "512", "target.node": "0"},
    "pstore": {"backend": "acpi-erst", "path": "/var/lib/libvirt/pstore/web", "size": "64"},
    "vsock": {"cid.auto": "no", "cid.address": "7"},
    "iommu": {"model": "intel", "driver.intremap": "on"},
    "iothreads": {"iothreads": "2", "iothreadids.iothread0.id": "1"},
    "seclabel": {"type": "static", "model": "selinux", "label": "system_u:object_r:x"},
    "keywrap": {"cipher0.name": "aes", "cipher0.state": "on"},
    "cputune": {"vcpupin0.vcpu": "0", "vcpupin0.cpuset": "0-3", "shares": "2048"},
    "numatune": {"memory.nodeset": "0", "memory.mode": "strict"},
    "memtune": {"hard_limit": "4194304", "soft_limit": "2097152"},
    "blkiotune": {"weight": "500", "device0.path": "/dev/sda", "device0.weight": "200"},
    "memorybacking": {"hugepages": "yes", "access.mode": "shared", "source.type": "memfd"},
    "features": {"acpi": "on", "apic.eoi": "on", "pmu.state": "off"},
    "clock": {"offset": "localtime", "hpet_present": "no"},
    "pm": {"suspend_to_mem.enabled": "yes", "suspend_to_disk.enabled": "no"},
    "events": {"on_reboot": "destroy", "on_crash": "preserve"},
    "resource": {"partition": "/machine/production"},
    "sysinfo": {"type": "smbios", "system.manufacturer": "Example", "system.serial": "42"},
    "qemu_commandline": {"env": "NAME=value"},
    "launchSecurity": {"type": "sev", "policy": "0x3", "session": "word"},
    "xml": {"xpath.set": "./cpu/@mode=maximum"},
}

_LICENCE = ("SPDX-FileCopyrightText: 2026 declarative.libvirt contributors", "GPL-3.0-or-later")
#: In two pieces, or it would be taken for this file's own.
_KEY = "SPDX-License-" + "Identifier: "
_GENERATED = "Generated from the table of options by tests/setup/option_docs.py."
_LABEL = "ansible_collections.declarative.libvirt.docsite.options"
_WIDTH = 110
_LISTS = {
    Lists.COMMAS: "A YAML list is joined by commas.",
    Lists.WORDS: "A YAML list is joined as a shell would write it.",
    Lists.EACH: "A YAML list gives it several times.",
}
_NOTHING = {
    Nothing.IGNORED: (
        "``none`` is as if the option weren't there, and takes away what a domain that exists has "
        "of it."
    ),
    Nothing.UNWANTED: (
        "``none`` says that the guest gets none by default either, and takes away what a domain "
        "that exists has of it."
    ),
    Nothing.DEFAULT: "``none`` is what a new domain gets by default, also for one that exists.",
    Nothing.REFUSED: "``none`` is refused, since every domain has some.",
}


_EXCLUSIVE = """\
options:
  exclusive:
    description:
      - Lists of devices that are the whole truth. The domain keeps no device of that kind that the list does not have. A list
        that is named here has to be given, and can be empty. Plurals, such as V(disks), are taken too.
      - The drives that O(cdrom), O(location) and O(cloud_init) stand for are in no list, and stay.
      - With O(mode=exact) all lists are.
      - "The page R(guide_virt_install,ansible_collections.declarative.libvirt.docsite.guide_virt_install) has more."
    type: list
    elements: str
    choices:"""


def files() -> dict[str, str]:
    """The generated files, by their path in the collection."""
    pages = {
        f"docs/docsite/rst/options_{_spelled(name)}.rst": _page(GROUPS[name]) for name in GROUPS
    }
    return {
        "plugins/doc_fragments/domain_option_groups.py": _fragment(),
        "docs/docsite/extra-docs.yml": _contents(),
        "docs/docsite/rst/options.rst": _index(),
        **pages,
    }


def _name(group: Group) -> str:
    """The option's name in modules."""
    return RENAMED.get(group.name, group.name)


def _spelled(name: str) -> str:
    return RENAMED.get(name, name).lower()


def _fragment() -> str:
    lines = [
        f"# {_LICENCE[0]}",
        f"# {_KEY}{_LICENCE[1]}",
        "",
        f"# {_GENERATED}",
        "",
        '"""Options with sub-options, which describe a domain as virt-install\'s do."""',
        "",
        "from __future__ import annotations",
        "",
        "",
        "class ModuleDocFragment:",
        *_fragment_options("DOCUMENTATION", [g for g in GROUPS.values() if not g.is_device]),
        "",
        "    # The devices.",
        *_fragment_options("DEVICES", [g for g in GROUPS.values() if g.is_device]),
        "",
        "    # Which lists of devices are the whole truth.",
        '    EXCLUSIVE = r"""',
        *_EXCLUSIVE.splitlines(),
        *(f"      - {name}" for name in LISTS),
        "    default: []",
        '"""',
        "",
    ]
    return "\n".join(lines)


def _fragment_options(name: str, groups: t.Iterable[Group]) -> list[str]:
    lines = [f'    {name} = r"""', "options:"]
    for group in groups:
        lines += [f"  {_name(group)}:", "    description:"]
        lines += _item(_sentence(group.about))
        used = most_used(group)
        some = "Used most" if len(used) < len(group.options) else "Sub-options"
        lines += _item(f"{some}: {', '.join(f'C({one})' for one in used[:_FEW])}.")
        if group.first:
            lines += _item(f"The sub-option of a bare value is C({group.first[0]}).")
        page = f"options_{_spelled(group.name)}"
        lines += _item(
            f"The page R({page},{_LABEL}_{_spelled(group.name)}) has all of them. They are given as a "
            "dictionary or a string of C(virt-install)."
        )
        lines.append("    type: raw")
        if group.aliases:
            lines.append(f"    aliases: [{', '.join(group.aliases)}]")
    return [*lines, '"""']


def _item(text: str) -> list[str]:
    quoted = f'"{text}"' if ": " in text or ",ansible_collections" in text else text
    return textwrap.wrap(
        quoted, _WIDTH, initial_indent="      - ", subsequent_indent="        ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _contents() -> str:
    lines = ["---", f"# {_LICENCE[0]}", f"# {_KEY}{_LICENCE[1]}", "", f"# {_GENERATED}", ""]
    lines.append("sections:")
    for title, pages in SECTIONS.items():
        lines += [f"  - title: {title}", "    toctree:", *(f"      - {page}" for page in pages)]
    return "\n".join([*lines, ""])


def _heading(label: str, title: str) -> list[str]:
    return [
        "..",
        f"  {_LICENCE[0]}",
        f"  {_KEY}{_LICENCE[1]}",
        "",
        f"  {_GENERATED}",
        "",
        f".. _{label}:",
        "",
        title,
        "=" * len(title),
        "",
    ]


def _index() -> str:
    lines = [
        *_heading(_LABEL, "The options of a domain"),
        ":ansplugin:`declarative.libvirt.domain#module`,",
        ":ansplugin:`declarative.libvirt.domains#module`,",
        ":ansplugin:`declarative.libvirt.domain_defaults#module` and the role",
        ":ansplugin:`declarative.libvirt.virt_install#role` take the options of ``virt-install``.",
        "Those with sub-options have a page each. What is used most comes first.",
        "",
        *_table("options", "option", "what it is about", "used most"),
    ]
    for name in by_use():
        group = GROUPS[name]
        lines += [
            f"   * - :ref:`{_name(group)} <{_LABEL}_{_spelled(name)}>`",
            f"     - {group.about}",
            f"     - {', '.join(f'``{one}``' for one in most_used(group)[:4])}",
        ]
    lines += ["", ".. toctree::", "   :hidden:", "   :maxdepth: 1", ""]
    lines += [f"   options_{_spelled(name)}" for name in by_use()]
    return "\n".join([*lines, ""])


def by_use() -> list[str]:
    """The names of the groups: what is used most, then by name."""
    return [*USE["options"], *sorted(set(GROUPS) - set(USE["options"]), key=_spelled)]


def most_used(group: Group) -> list[str]:
    """The names of the sub-options of a group that are used most."""
    known = {option.name for option in group.options}
    listed = USE["sub_options"].get(group.name)
    of_example = [re.sub(r"\d+(?=\.)", "[]", name) for name in EXAMPLES[group.name]]
    return [name for name in listed or of_example if name in known]


def _table(kind: str, *titles: str) -> list[str]:
    """The head of a table, which the site shows as paragraphs on a telephone."""
    head = [".. list-table::", f"   :class: {kind} stacked", "   :header-rows: 1", ""]
    return [*head, *(f"   {'*' if n == 0 else ' '} - {title}" for n, title in enumerate(titles))]


def _page(group: Group) -> str:
    name = _name(group)
    lines = [
        *_heading(f"{_LABEL}_{_spelled(group.name)}", name),
        *textwrap.wrap(
            _sentence(group.about) + " " + _values(group), _WIDTH, break_on_hyphens=False
        ),
        "",
        "These mean the same:",
        *(line for text in _examples(group) for line in _code(text)),
    ]
    for title, options in _parts(group).items():
        lines += ["", title, "-" * len(title), ""] if title else [""]
        lines += _table("options", "sub-option", "meaning")
        for option in options:
            place = _place(group, option)
            lines += [
                f"   * - ``{option.name}``",
                "",
                f"       {_kind(option)}",
                f"     - {_meaning(option)}",
                *(["", f"       XML: {place}"] if place else []),
            ]
    return "\n".join([*(line.rstrip() for line in lines), ""])


def _parts(group: Group) -> dict[str, list[Option]]:
    """The sub-options in the order of a page, by the titles of its parts."""
    left = {option.name: option for option in sorted(group.options, key=_natural)}
    parts = {
        title: [left.pop(name) for name in list(left) if pattern.match(name)]
        for title, pattern in _EVERYWHERE.items()
    }
    used = most_used(group)
    for title in parts:
        # One that is used most is no lesser one.
        left.update((option.name, option) for option in parts[title] if option.name in used)
        parts[title] = [option for option in parts[title] if option.name not in used]
    first = [left.pop(name) for name in used]
    rest = list(left.values())
    if len(first) + len(rest) <= _FEW:
        own = {"": [*first, *rest]}
    else:
        own = {"Used most": first, "More": rest}
    return {title: options for title, options in {**own, **parts}.items() if options}


def _natural(option: Option) -> tuple[str, ...]:
    return tuple(option.name.lower().split("."))


def _values(group: Group) -> str:
    said = []
    if group.is_list:
        said.append("It takes one value or a list of them.")
    if group.is_list and group.is_device:
        said.append("With ``state: absent`` an entry removes the devices that have all it says.")
    if group.aliases:
        said.append(
            f"It can also be written as {' or '.join(f'``{one}``' for one in group.aliases)}."
        )
    if group.first:
        names = " and ".join(f"``{one}``" for one in group.first)
        said.append(f"What a value has without a name is {names}.")
    if group.none in _NOTHING:
        said.append(_NOTHING[group.none])
    said.append(f"``virt-install`` calls it {' or '.join(f'``{one}``' for one in group.flags)}.")
    return " ".join(said)


def _examples(group: Group) -> list[str]:
    """The same as a string, and as dictionaries with dotted and nested keys."""
    if group.name not in EXAMPLES:
        raise SystemExit(f"the option {group.name} has no example; add one to EXAMPLES")
    example = EXAMPLES[group.name]
    plural = next((one for one in group.aliases if one.endswith("s")), _name(group))
    key = plural if group.is_list else _name(group)
    values = [as_string(example), typed(example), as_nested(typed(example))]
    texts = [f"{key}:{_in_list(group, _flow(value))}" for value in values]
    return list(dict.fromkeys(texts))


def _code(text: str) -> list[str]:
    return ["", ".. code-block:: yaml", "", *textwrap.indent(text, "    ").splitlines()]


def _in_list(group: Group, text: str) -> str:
    return f"\n  - {text}" if group.is_list else f" {text}"


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    needs_quotes = any(one in text for one in ",:=@ ") or text.startswith("0x")
    return json.dumps(text) if needs_quotes else text


def typed(example: t.Mapping[str, str]) -> dict[str, t.Any]:
    """The sub-options as YAML has them."""
    words = {"yes": True, "on": True, "no": False, "off": False}
    return {
        key: int(value) if value.isdigit() else words.get(value, value)
        for key, value in example.items()
    }


def as_string(example: t.Mapping[str, str]) -> str:
    """The sub-options as virt-install's string."""
    return ",".join(f"{key}={value}" for key, value in example.items())


def as_nested(example: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The sub-options as nested dictionaries."""
    nested: dict[str, t.Any] = {}
    for name, value in example.items():
        *way, last = name.split(".")
        place = nested
        for key in way:
            inner = place.setdefault(key, {})
            if not isinstance(inner, dict):
                inner = place[key] = {"value": inner}
            place = inner
        if isinstance(place.get(last), dict):
            place[last]["value"] = value
        else:
            place[last] = value
    return nested


def _kind(option: Option) -> str:
    has_unit = option.unit is not None or option.unit_option is not None
    if has_unit and option.kind is not Kind.MEBIBYTES:
        return f"{option.kind.value}; or with its unit, such as ``2G``"
    return option.kind.value


def _place(group: Group, option: Option) -> str:
    if option.path is None:
        return ""
    path = option.path.replace("{}", "N")
    if path.startswith("/"):
        return f"``{path}``"
    base = "" if group.path == "." else f"/{group.path}"
    return f"``{base}/{path}``" if path != "." else f"``{base or '/'}``"


def _meaning(option: Option) -> str:
    said = [option.about]
    if option.lists in _LISTS:
        said.append(_LISTS[option.lists])
    if option.aliases:
        said.append(f"Older name: {', '.join(f'``{one}``' for one in option.aliases)}.")
    return _sentence(said[0]) + "".join(f" {one}" for one in said[1:])


def _sentence(text: str) -> str:
    # A list of values is spelled as they are.
    begin = text[:1] if _VALUES.match(text) else text[:1].upper()
    return f"{begin}{text[1:]}" + "." * (not text.endswith("…"))


def main(collection: pathlib.Path) -> None:
    for path, text in files().items():
        (collection / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
