# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of one hypervisor: hosts, variables, groups, addresses, and hostile guests."""

from __future__ import annotations

import functools
import json
import pathlib
import time
import typing as t
from xml.sax.saxutils import escape

import libvirt
import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._module import domain, domain_info

from .guests import SILENT, Boot, Guest, document, start
from .hypervisor import Hypervisor, task_of
from .inventories import ANSIBLES, inventory, listed, run, write

URI = "https://declarative-libvirt.github.io/ns/host/1"
OSINFO = (
    "<libosinfo:libosinfo xmlns:libosinfo='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
    "<libosinfo:os id='http://debian.org/debian/12'/></libosinfo:libosinfo>"
)
INTERFACE = (
    "<interface type='network'><mac address='52:54:00:00:09:0{}'/><source network='default'/>"
    "<model type='virtio'/></interface>"
)
DISK = (
    "<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
    "<source file='/var/lib/libvirt/images/{}.img'/><target dev='vda' bus='virtio'/></disk>"
)


def define(
    hypervisor: Hypervisor,
    name: str,
    tags: t.Sequence[str] = (),
    variables: t.Mapping[str, t.Any] | None = None,
    title: str = "",
    devices: str = "",
) -> t.Any:
    host = "".join(f"<ansible:tag>{escape(tag)}</ansible:tag>" for tag in tags)
    for key, value in (variables or {}).items():
        host += f"<ansible:var name='{key}'>{escape(json.dumps(value))}</ansible:var>"
    return hypervisor.raw.defineXML(
        f"<domain type='qemu'><name>{escape(name)}</name><title>{escape(title)}</title>"
        f"<metadata>{OSINFO}<ansible:host xmlns:ansible='{URI}'>{host}</ansible:host></metadata>"
        "<memory unit='MiB'>64</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>"
        f"<devices>{devices}</devices></domain>"
    )


@pytest.fixture
def some(hypervisor: Hypervisor) -> Hypervisor:
    """Three guests, one of which runs."""
    define(hypervisor, "web-1", ["web", "prod"], {"http_port": 8080}, "The web server").create()
    define(hypervisor, "web-2", ["web", "test"], devices=INTERFACE.format(2) + DISK.format("web"))
    define(hypervisor, "db", ["prod"]).setAutostart(1)
    return hypervisor


def test_hosts_groups_and_variables(some: Hypervisor, tmp_path: pathlib.Path) -> None:
    found = inventory(tmp_path)
    assert (list(found.hosts), found.messages) == (["db", "web-1", "web-2"], "")
    groups = {name: hosts for name, hosts in found.groups.items() if name.startswith("libvirt_")}
    assert {name: sorted(hosts) for name, hosts in groups.items()} == {
        "libvirt_state_running": ["web-1"],
        "libvirt_state_shutoff": ["db", "web-2"],
        "libvirt_tag_web": ["web-1", "web-2"],
        "libvirt_tag_prod": ["db", "web-1"],
        "libvirt_tag_test": ["web-2"],
    }
    assert found.hosts["web-1"]["http_port"] == 8080
    described = {one["name"]: one for one in task_of(domain_info).values["domains"]}
    for name, host in found.hosts.items():
        for key, value in described[name].items():
            if key not in ("ansible_vars", "unavailable"):
                assert host[f"libvirt_{key}"] == value, key
        assert host["libvirt_uri"] == "qemu:///system"
        assert host["libvirt_osinfo"] == "http://debian.org/debian/12"
        assert "ansible_connection" not in host


def test_all_groups(some: Hypervisor, tmp_path: pathlib.Path) -> None:
    # Another file of tests may have left one of this directory.
    some.clear_pools()
    pool = some.raw.storagePoolCreateXML(
        "<pool type='dir'><name>images</name><target><path>/var/lib/libvirt/images</path></target>"
        "</pool>"
    )
    try:
        kinds = ["network", "pool", "os", "hypervisor", "autostart", "restart_required"]
        found = inventory(tmp_path, groups_by=kinds, group_prefix="kvm-")
    finally:
        pool.destroy()
    groups = {name: sorted(hosts) for name, hosts in found.groups.items() if "kvm_" in name}
    assert groups == {
        "kvm_network_default": ["web-2"],
        "kvm_pool_images": ["web-2"],
        "kvm_os_debian12": ["db", "web-1", "web-2"],
        "kvm_hypervisor_localhost": ["db", "web-1", "web-2"],
        "kvm_autostart": ["db"],
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"name": ["web-*"]}, ["web-1", "web-2"]),
        ({"name": "db"}, ["db"]),
        ({"state": ["running"]}, ["web-1"]),
        ({"state": ["inactive"], "name": ["web-*"]}, ["web-2"]),
        ({"tags": ["web"]}, ["web-1", "web-2"]),
        ({"tags": ["web", "prod"]}, ["web-1"]),
        ({"exclude_tags": ["prod", "other"]}, ["web-2"]),
        ({"tags": ["web"], "exclude_tags": ["test"]}, ["web-1"]),
        ({"filters": [{"include": "libvirt_autostart"}, {"exclude": True}]}, ["db"]),
        ({"filters": [{"exclude": "'web' in libvirt_tags"}]}, ["db"]),
        ({"filters": [{"exclude": "http_port == 8080"}]}, ["db", "web-2"]),
        ({"name": []}, []),
    ],
)
def test_some_guests(
    some: Hypervisor, tmp_path: pathlib.Path, options: dict[str, t.Any], expected: list[str]
) -> None:
    assert list(inventory(tmp_path, **options).hosts) == expected


def test_graph_and_host(some: Hypervisor, tmp_path: pathlib.Path) -> None:
    path = write(tmp_path)
    graph = run("ansible-inventory", path, "--graph").stdout
    assert "@libvirt_tag_web:\n  |  |--web-1\n  |  |--web-2" in graph
    host = json.loads(run("ansible-inventory", path, "--host", "web-1").stdout)
    assert (host["http_port"], host["libvirt_id"]) == (8080, some.number("web-1"))


def test_constructed(some: Hypervisor, tmp_path: pathlib.Path) -> None:
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "host_vars" / "web-1.example.org").write_text("rack: row7\n", encoding="utf-8")
    found = inventory(
        tmp_path,
        hostname="libvirt_name ~ '.example.org'",
        use_vars_plugins=True,
        compose={"port": "http_port | default(80)", "place": "rack"},
        groups={"small": "libvirt_memory.maximum <= 64 * 1024 * 1024", "never": "nothing.at.all"},
        keyed_groups=[{"key": "libvirt_tags", "prefix": "", "separator": ""}, {"key": "rack"}],
        leading_separator=False,
    )
    assert not found.failed, found.messages
    assert list(found.hosts) == ["db.example.org", "web-1.example.org", "web-2.example.org"]
    assert [host["port"] for host in found.hosts.values()] == [80, 8080, 80]
    assert found.hosts["web-1.example.org"]["place"] == "row7"
    assert sorted(found.groups["small"]) == sorted(found.hosts)
    assert found.groups["test"] == ["web-2.example.org"]
    assert "never" not in found.groups
    failed = inventory(tmp_path / "strict", strict=True, compose={"a": "nothing.at.all"})
    assert failed.failed
    assert "Could not set a for host" in failed.messages


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"uri": "qemu:///system"},
            "uri is no option of declarative.libvirt.libvirt; did you mean",
        ),
        ({"uris": [{"url": "qemu:///system"}]}, "uris[0] has url"),
        ({"ansible_host": 4}, "ansible_host: 4 chooses no address"),
        ({"strict": True, "filters": [{"exclude": "nothing.at.all"}]}, "filters: nothing.at.all"),
        (
            {"strict": True, "hostname": "nothing.at.all"},
            "hostname: nothing.at.all fails for web-1",
        ),
    ],
)
def test_a_wrong_option_is_named(
    hypervisor: Hypervisor, tmp_path: pathlib.Path, options: dict[str, t.Any], message: str
) -> None:
    define(hypervisor, "web-1")
    found = inventory(tmp_path, **options)
    assert found.failed
    assert message in found.messages
    assert "Traceback" not in found.messages


# Addresses


def _has_address(guest: Guest) -> bool:
    return "192.168.122." in guest.run("ip", "address")


def test_addresses_of_real_guests(
    hypervisor: Hypervisor, boot: Boot, tmp_path: pathlib.Path
) -> None:
    guests = {
        name: start(hypervisor, document(name, boot, devices=INTERFACE.format(number)))
        for number, name in enumerate(("silent", "talks"))
    }
    for guest in guests.values():
        guest.wait_until(functools.partial(_has_address, guest))
    guests["talks"].run("hostname", "talks.example.org")
    guests["talks"].run("ip", "address", "add", "10.99.0.1/24", "dev", "eth0")
    define(hypervisor, "off", devices=INTERFACE.format(9))

    found = inventory(tmp_path)
    for name, guest in guests.items():
        host = found.hosts[name]
        assert f"inet {host['ansible_host']}/24" in guest.run("ip", "address")
        sources = [address["source"] for address in host["libvirt_addresses"]]
        assert sources[:2] == ["lease", "agent"]
        assert "arp" not in sources
        assert host["libvirt_interfaces"][0]["addresses"] == host["libvirt_addresses"]
        (described,) = task_of(domain_info, name=name, addresses=["lease", "agent"]).values[
            "domains"
        ]
        assert described["addresses"] == host["libvirt_addresses"]
    assert "ansible_host" not in found.hosts["off"]

    lease = found.hosts["talks"]["ansible_host"]
    for wanted, expected in (
        (["10.99.0.0/24", "ipv4"], "10.99.0.1"),
        (["hostname"], "talks.example.org"),
        (["default"], lease),
        (["br0", "ipv6"], None),
        (False, None),
    ):
        host = inventory(tmp_path, ansible_host=wanted, state=["running"]).hosts["talks"]
        assert host.get("ansible_host") == expected, wanted
    host = inventory(tmp_path, addresses=["agent"], gather=["agent"], name="talks").hosts["talks"]
    assert {address["source"] for address in host["libvirt_addresses"]} == {"agent"}
    assert (host["libvirt_hostname"], host["libvirt_agent"]["hostname"]) == (
        "talks.example.org",
        "talks.example.org",
    )
    host = inventory(tmp_path, connection="auto", addresses=[], name="talks").hosts["talks"]
    assert host["ansible_connection"] == "declarative.libvirt.agent"
    assert host["ansible_libvirt_domain"] == host["libvirt_uuid"]

    guests["silent"].silence_agent()
    begun = time.monotonic()
    found = inventory(tmp_path, agent_timeout=15, addresses=["agent", "lease"], connection="auto")
    assert time.monotonic() - begun < 45
    assert found.hosts["talks"]["libvirt_unavailable"] == {}
    assert found.hosts["talks"]["libvirt_addresses"][0]["source"] == "agent"
    silent = found.hosts["silent"]
    assert silent["libvirt_unavailable"]["addresses.agent"].startswith(SILENT)
    assert [address["source"] for address in silent["libvirt_addresses"]] == ["lease"]
    assert silent["ansible_host"] == silent["libvirt_addresses"][0]["address"]


def test_an_agent_that_is_not_connected_is_not_asked(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    channel = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    define(hypervisor, "web", devices=channel).create()
    host = inventory(tmp_path, gather=["agent"], connection="auto").hosts["web"]
    assert host["libvirt_unavailable"]["agent"] == "the guest's agent is not connected"
    assert host["libvirt_agent"] is None
    assert "ansible_connection" not in host


# Hostile guests


@pytest.mark.parametrize("programs", ANSIBLES)
def test_what_guests_say_is_data(
    hypervisor: Hypervisor, tmp_path: pathlib.Path, programs: pathlib.Path
) -> None:
    mark = tmp_path / "executed"
    template = f"{{{{ lookup('ansible.builtin.pipe', 'touch {mark}') }}}}"
    lines = f"{template} [all] evil"
    define(
        hypervisor,
        "web",
        [template],
        {
            "http_port": [template],
            "text": f"{template}\n[all]\nevil",
            "ansible_connection": "local",
            "ansible_ssh_common_args": f"-o ProxyCommand='touch {mark}'",
            "ansible_user": "debian",
        },
        title=lines,
    )
    path = write(
        tmp_path,
        compose={"composed": "libvirt_title", "joined": "'A ' ~ libvirt_title"},
        keyed_groups=[{"key": "libvirt_title"}],
        connection="ssh",
    )
    playbook = tmp_path / "play.yml"
    names = ("libvirt_title", "http_port[0]", "text", "composed", "joined", "libvirt_tags[0]")
    playbook.write_text(
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        + "".join(
            f"    - ansible.builtin.debug: {{var: '{name}'}}\n"
            f"    - ansible.builtin.debug: {{msg: '{{{{ {name} }}}}'}}\n"
            for name in names
        )
        + "    - ansible.builtin.debug: {var: ansible_user}\n"
        "    - ansible.builtin.debug: {msg: '{{ ansible_connection | default(1) }}'}\n"
        "    - ansible.builtin.debug: {msg: '{{ ansible_ssh_common_args | default(2) }}'}\n",
        encoding="utf-8",
    )
    done = run("ansible-playbook", path, str(playbook), programs=programs)
    assert not done.returncode, done.stdout + done.stderr
    assert not mark.exists()
    assert done.stdout.count("lookup(") >= 2 * len(names)
    assert "ProxyCommand" not in done.stdout
    for variable in ("ansible_connection", "ansible_ssh_common_args"):
        assert f"the variable '{variable}' of its metadata is left out" in " ".join(
            done.stderr.split()
        )


@pytest.mark.parametrize("programs", ANSIBLES)
def test_the_oldest_ansible_core_has_the_same(
    some: Hypervisor, tmp_path: pathlib.Path, programs: pathlib.Path
) -> None:
    path = write(
        tmp_path,
        filters=[{"exclude": "'test' in libvirt_tags"}],
        hostname="libvirt_name ~ '.example.org'",
        compose={"port": "http_port | default(80)"},
        keyed_groups=[{"key": "libvirt_tags", "prefix": "", "separator": ""}],
        cache=True,
        cache_plugin="ansible.builtin.jsonfile",
        cache_connection=str(tmp_path / "cache"),
    )
    for _time in ("read", "cached"):
        found = listed(path, programs=programs)
        assert not found.failed, found.messages
        assert list(found.hosts) == ["db.example.org", "web-1.example.org"]
        assert found.groups["prod"] == ["db.example.org", "web-1.example.org"]
        # Before 2.19 a template of a number was a text.
        assert str(found.hosts["web-1.example.org"]["port"]) == "8080"
        assert found.hosts["web-1.example.org"]["libvirt_title"] == "The web server"


def test_a_name_that_is_a_template(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    guest = define(hypervisor, "{{ 7 * 7 }}")
    found = inventory(tmp_path)
    assert list(found.hosts) == [guest.UUIDString()]
    assert "can't be the name of a host" in found.messages
    host = found.hosts[guest.UUIDString()]
    assert host["libvirt_name"] == "{{ 7 * 7 }}"
    assert inventory(tmp_path, strict=True).failed


def test_secrets_are_not_shown(hypervisor: Hypervisor, tmp_path: pathlib.Path) -> None:
    graphics = "<graphics type='vnc' port='-1' passwd='Oh6eiGh3'/>"
    define(hypervisor, "web", devices=graphics).create()
    found = inventory(tmp_path, gather=["xml", "live_xml", "stats"])
    assert "passwd='VALUE_HIDDEN'" in found.hosts["web"]["libvirt_xml"]
    assert "Oh6eiGh3" not in json.dumps(found)


def test_what_a_task_gives_a_domain_is_there(
    hypervisor: Hypervisor, tmp_path: pathlib.Path
) -> None:
    options: dict[str, t.Any] = {
        "name": "web",
        "osinfo": "debian11",
        "virt_type": "qemu",
        "import": True,
        "memory": 64,
        "disk": "none",
        "network": "none",
        "graphics": "none",
    }
    for state in ("stopped", "running"):
        for tags, variables in (
            (["web", "prod"], {"http_port": 8080, "ansible_user": "debian", "text": "{{ 7 * 7 }}"}),
            (["web", "test"], {"http_port": [80, {"tls": None}]}),
            ([], {}),
        ):
            ansible = {"tags": tags, "vars": variables}
            done = task_of(domain, **options, state=state, ansible=ansible)
            assert not done.failed, done.msg
            found = inventory(tmp_path)
            host = found.hosts["web"]
            assert sorted(host["libvirt_tags"]) == sorted(tags)
            own = {key: value for key, value in host.items() if not key.startswith("libvirt_")}
            assert own == variables
            groups = {name for name in found.groups if name.startswith("libvirt_tag_")}
            assert groups == {f"libvirt_tag_{tag}" for tag in tags}


def test_the_definition_and_tags_change_in_the_next_run(
    some: Hypervisor, tmp_path: pathlib.Path
) -> None:
    assert "new" not in inventory(tmp_path).hosts["web-1"]["libvirt_tags"]
    some.raw.lookupByName("web-1").setMetadata(
        libvirt.VIR_DOMAIN_METADATA_ELEMENT,
        "<host><tag>new</tag></host>",
        "ansible",
        URI,
        libvirt.VIR_DOMAIN_AFFECT_LIVE | libvirt.VIR_DOMAIN_AFFECT_CONFIG,
    )
    assert inventory(tmp_path).groups["libvirt_tag_new"] == ["web-1"]
