# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option given a value of every type: a result, or one line that names the option."""

from __future__ import annotations

import collections
import contextlib
import functools
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import time
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import on_one_line
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_agent,
    domain_defaults,
    domain_device,
    domain_info,
    domain_screenshot,
    domain_send_keys,
    domain_state,
    domain_xml,
    domains,
    hypervisor_info,
    nwfilter,
    nwfilter_info,
    osinfo_info,
    pool,
    pool_info,
    secret,
    secret_info,
    volume,
    volume_info,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.domain_request import (
    REQUEST,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import Database
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.guest import Guest
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.apply import (
    apply,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from .hypervisor import Hypervisor, task_of

URI = "test:///default"


def deep(depth: int) -> t.Any:
    value: t.Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    return value


VALUES: tuple[t.Any, ...] = (
    *(True, False, 0, -1, 5, 2**70, 1.5, float("inf"), float("nan")),
    *("", " ", "x", "2026-11-26", "a,b=c", "'", "x\0y", "\ud800", "\n", "ü", "x" * 70000),
    *([], [None], [5], ["x"], [["x"]], [{}], {}, {"x": 1}, {"": ""}, {"x\0": "\ud800"}, None),
    deep(100),
)
#: Those that get as far as to what an option means; a module refuses the others beforehand.
READABLE = [one for one in VALUES if "\\x00" not in repr(one) and "\\ud800" not in repr(one)]
#: A tree to install from, as far as it is needed.
TREEINFO = """[general]
family = Fedora
version = 36
arch = x86_64
[images-x86_64]
kernel = vmlinuz
initrd = initrd.gz
"""
#: Options whose file is read, whatever else it is used for.
READ = ("src", "initrd_inject", "cloud_init", "location", "path of osinfo_info")
#: Modules with many options give each so many of them.
MANY, FEW = 20, 5
#: No task takes longer, in seconds.
LONGEST = 20


def chosen(name: str, spec: t.Sized) -> t.Sequence[t.Any]:
    """The values for an option: all, or the same few each time."""
    return random.Random(name).sample(VALUES, FEW) if len(spec) > MANY else VALUES


#: What else an option needs, so that the module gets as far as looking at it.
MODULES: dict[t.Any, dict[str, t.Any]] = {
    domain: {"name": "new"},
    domain_agent: {"name": "test", "fstrim": True},
    domain_defaults: {"name": "new"},
    domain_device: {"domain": "test", "match": {"type": "x"}},
    domain_info: {},
    domain_screenshot: {"name": "test", "path": "/run/screen.png"},
    domain_send_keys: {"name": "test", "keys": ["a"]},
    domain_state: {"name": "test", "autostart": True},
    domain_xml: {"name": "test", "state": "absent"},
    domains: {"domains": []},
    hypervisor_info: {"gather": ["guests", "domain_capabilities", "devices", "xml"]},
    nwfilter: {"name": "test", "state": "absent"},
    nwfilter_info: {},
    pool: {"name": "test", "state": "absent"},
    pool_info: {},
    secret: {"usage": {"type": "tls", "id": "test"}},
    secret_info: {},
    volume: {"pool": "test", "name": "test", "state": "absent"},
    volume_info: {},
}


@contextlib.contextmanager
def bounded() -> t.Iterator[None]:
    """What takes too long, or a GiB of memory, ends in an exception."""

    def ring(_number: int, _frame: t.Any) -> None:
        raise TimeoutError(f"it took more than {LONGEST} s")

    size = int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = size * resource.getpagesize() + 2**30
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    handler = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)
        resource.setrlimit(resource.RLIMIT_AS, before)


def ends(module: t.Any, name: str, arguments: dict[str, t.Any]) -> str:
    """What became of a task: ``done``, or ``refused`` with a message that will do."""
    begun = time.monotonic()
    try:
        result = task_of(module, check=True, **arguments)
    except Exception as error:
        raise AssertionError(f"{module.__name__} {name}={str(arguments.get(name))[:80]}") from error
    assert time.monotonic() - begun < LONGEST, name
    if not result.failed:
        return "done"
    assert "\n" not in result.msg, (name, result.msg)
    assert "Traceback" not in str(result.values), (name, result.values)
    return "refused"


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__.rpartition(".")[2])
def test_options_of_modules(module: t.Any, counts: collections.Counter[str]) -> None:
    for name in module.SPEC.options:
        for value in chosen(name, module.SPEC.options):
            arguments = {"uri": URI, **MODULES[module], name: value}
            if name in ("wait",) and module is domain_state:
                arguments.pop("autostart")
            how = ends(module, name, arguments)
            counts["values of options of modules"] += 1
            counts[f"values of options of modules, of it: {how}"] += 1


def test_options_of_osinfo_info(
    counts: collections.Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Reading it takes most of the time.
    database = Database()
    monkeypatch.setattr(osinfo_info, "Database", lambda: database)
    for name in osinfo_info.SPEC.options:
        for value in random.Random(name).sample(VALUES, FEW):
            how = ends(osinfo_info, name, {name: value})
            counts["values of options of modules"] += 1
            counts[f"values of options of modules, of it: {how}"] += 1


@pytest.mark.parametrize("where", ["entry", "defaults"])
def test_options_of_entries(where: str, counts: collections.Counter[str]) -> None:
    for name in REQUEST.options:
        for value in chosen(f"{where} {name}", REQUEST.options):
            entry: dict[str, t.Any] = {"name": "new"}
            arguments: dict[str, t.Any] = {"uri": URI, "domains": [entry]}
            if where == "entry":
                entry[name] = value
            else:
                arguments["defaults"] = {name: value}
            how = ends(domains, name, arguments)
            counts["values of options of entries"] += 1
            counts[f"values of options of entries, of it: {how}"] += 1


def test_sub_options(counts: collections.Counter[str]) -> None:
    choose = random.Random(10)
    unnamed = []
    with connected(URI) as connection:
        host = functools.cache(functools.partial(host_facts, Domains(connection)))()
        for group in GROUPS.values():
            for option in group.options:
                name = option.name.replace("[]", "0")
                for value in choose.sample(READABLE, FEW):
                    try:
                        apply(Guest(host), group.name, {name: value})
                        how = "done"
                    except ExpectedError as refused:
                        told = on_one_line(str(refused))
                        if group.title not in told:
                            unnamed.append(f"{group.name}: {name}={value!r:.40}: {told}")
                        how = "refused"
                    except Exception as error:
                        raise AssertionError(f"{group.name}: {name}: {str(value)[:80]}") from error
                    counts["values of sub-options"] += 1
                    counts[f"values of sub-options, of it: {how}"] += 1
    assert not unnamed, "\n".join(unnamed)


def places(path: str) -> dict[str, tuple[t.Any, dict[str, t.Any]]]:
    """The options that name a file, and a task that gives this one."""
    new = {"name": "new", "osinfo": "generic", "memory": 64, "virt_type": "qemu"}
    diskless = {**new, "disk": "none"}
    target = {"path": "/var/lib/libvirt/images/types.qcow2", "size": 0.01}
    device = {"domain": "types"}
    return {
        "src": (domain_xml, {"src": path}),
        "src of an entry": (domains, {"domains": [{"src": path}]}),
        "disk": (domain, {**new, "disk": path}),
        "disk.path": (domain, {**new, "disk": {"path": path}}),
        "disk.path, with a size": (domain, {**new, "disk": {"path": path, "size": 1}}),
        "disk.backing_store": (domain, {**new, "disk": {**target, "backing_store": path}}),
        "disk of a device": (domain_device, {**device, "disk": path}),
        "backing_store of a device": (
            domain_device,
            {**device, "disk": {**target, "backing_store": path}},
        ),
        "cdrom": (domain, {**diskless, "cdrom": path}),
        "location": (domain, {**diskless, "location": path}),
        "location of an entry": (domains, {"domains": [{**diskless, "location": path}]}),
        "install.kernel": (domain, {**diskless, "install": {"kernel": path}}),
        "initrd_inject": (
            domain,
            {**diskless, "location": "/srv/types", "initrd_inject": path},
        ),
        "cloud_init.user_data": (domain, {**diskless, "cloud_init": {"user_data": path}}),
        "cloud_init.user_data, as a text": (
            domain,
            {**diskless, "cloud_init": f"user-data={path}"},
        ),
        "cloud_init.ssh_key": (domain, {**diskless, "cloud_init": {"ssh_key": path}}),
        "cloud_init.root_password_file": (
            domain,
            {**diskless, "cloud_init": {"root_password_file": path}},
        ),
        "boot.loader": (domain, {**diskless, "boot": {"loader": path}}),
        "boot.nvram": (domain, {**diskless, "boot": {"nvram": path}}),
        "path of osinfo_info": (osinfo_info, {"path": path}),
    }


@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "directory", "missing"])
def test_paths(kind: str, tmp_path: pathlib.Path, counts: collections.Counter[str]) -> None:
    """What is named as a file is none: nothing waits for it, and nothing reads it for ever."""
    path = tmp_path / "named"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "directory":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(path))
    tree = pathlib.Path("/srv/types")
    tree.mkdir(exist_ok=True)
    for name in (".treeinfo", "vmlinuz", "initrd.gz"):
        (tree / name).write_text(TREEINFO if name == ".treeinfo" else name, encoding="ascii")
    hypervisor = Hypervisor()
    hypervisor.clear()
    try:
        define: dict[str, t.Any] = {
            "name": "types",
            "osinfo": "generic",
            "memory": 64,
            "disk": "none",
        }
        assert not task_of(domain, **define, virt_type="qemu").failed
        for name, (module, arguments) in places(str(path)).items():
            with bounded():
                how = ends(module, name, arguments)
            counts["paths that lead to no file"] += 1
            counts[f"paths that lead to no file, of it: {how}"] += 1
            # Of these the content is needed.
            assert how == "refused" or not name.startswith(READ), (name, kind)
    finally:
        hypervisor.clear()
        shutil.rmtree(tree)
