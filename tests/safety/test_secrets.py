# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A marked secret through every option that can carry one: nothing shows it.

Which options these are is derived from the tables: sub-options whose place in the XML is secret,
``xpath`` of each group, what is hidden as a whole, and the places of the rules in documents.
"""

from __future__ import annotations

import base64
import collections
import contextlib
import glob
import io
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import typing as t

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible_collections.declarative.libvirt.plugins.module_utils._module import (
    domain,
    domain_agent,
    domain_defaults,
    domain_device,
    domain_info,
    domain_send_keys,
    domain_state,
    domain_xml,
    domains,
    nwfilter,
    nwfilter_info,
    pool,
    pool_info,
    secret,
    secret_info,
    volume,
    volume_info,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.ansible_module import (
    Module,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._module.option_secrets import (
    _row_of,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.options.table import (
    GROUPS,
)

from ..integration.hypervisor import Hypervisor

MARK = "Gh7xQ"
#: A secret as it should be, with a comma, a blank or an equals sign, quotes, and too long.
SHAPES = (
    f"{MARK}ab",
    f"{MARK},{MARK}",
    f"a,{MARK},port={MARK}",
    f"{MARK} {MARK}",
    f"x={MARK}",
    f"{MARK}'\"{MARK}",
    f"{MARK}&<{MARK}>",
    MARK * 100,
)
#: The same of the wrong type.
WRONG = ([MARK], [[MARK]], {"x": MARK}, {MARK: MARK}, [{"x": [MARK]}], {"value": {MARK: [MARK]}})
TOP = pathlib.Path(__file__).parents[2]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the system's log."""
    lines: list[str] = []

    def log(_self: t.Any, message: t.Any, log_args: t.Any = None) -> None:
        lines.append(f"{message} {log_args}")

    monkeypatch.setattr(AnsibleModule, "log", log)
    return lines


class Fuzz:
    """Runs modules, and looks for the mark in whatever they show."""

    def __init__(self, logged: list[str], counts: collections.Counter[str]) -> None:
        self._logged = logged
        self._counts = counts
        self.found: list[str] = []

    def run(
        self, module: t.Any, what: str, check: t.Any = True, **options: t.Any
    ) -> dict[str, t.Any]:
        """One task; the mark may be nowhere."""
        self._logged.clear()
        warnings._global_warnings.clear()
        arguments = {
            **options,
            "_ansible_check_mode": check,
            "_ansible_diff": True,
            "_ansible_verbosity": 4,
        }
        out, err = io.StringIO(), io.StringIO()
        with (
            patch_module_args(arguments),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            contextlib.suppress(SystemExit),
        ):
            module.run(Module(supports_check_mode=True, **module.SPEC.to_kwargs()))
        printed = out.getvalue()
        values: dict[str, t.Any] = json.loads(printed.strip().splitlines()[-1])
        self._counts["tasks with a secret"] += 1
        self._counts[
            f"tasks with a secret, of it: {'refused' if values.get('failed') else 'done'}"
        ] += 1
        for where, text in (
            ("result", printed),
            ("standard error", err.getvalue()),
            ("log", "\n".join(self._logged)),
        ):
            if MARK in text:
                at = text.index(MARK)
                name, around = module.__name__.rpartition(".")[2], text[max(0, at - 150) : at + 40]
                self.found.append(f"{name} {what}: {where}: …{around}…")
        return values

    def check(self) -> None:
        """See that nothing was found."""
        assert not self.found, f"{len(self.found)} found:\n" + "\n".join(self.found[:25])


@pytest.fixture
def fuzz(logged: list[str], counts: collections.Counter[str]) -> t.Iterator[Fuzz]:
    fuzz = Fuzz(logged, counts)
    yield fuzz
    fuzz.check()


def nested(name: str, value: t.Any) -> dict[str, t.Any]:
    """A dotted name as YAML has it."""
    result: t.Any = value
    for part in reversed(name.replace("[]", "0").split(".")):
        result = {part: result}
    return t.cast("dict[str, t.Any]", result)


#: Sub-options that write nothing into the document, and whose values are secret by their names.
SECRET_BY_NAME = frozenset([("disk", "image.url_password")])


def secret_sub_options() -> list[tuple[str, str]]:
    """The sub-options of all groups that write where a secret is, or that are called so."""
    return [
        (name, spelling)
        for name, group in GROUPS.items()
        for option in group.options
        for spelling in option.names
        if _row_of(group, option) is not None or (name, option.name) in SECRET_BY_NAME
    ]


def valued(name: str, value: t.Any) -> t.Any:
    """A secret where a sub-option takes it in part only."""
    if not isinstance(value, str):
        return value
    if name.endswith("args") and "init" not in name:
        return f"-fw_cfg {shlex.quote(f'name=opt/a,string={value}')}"
    if "oemStrings" in name:
        return f"io.systemd.credential:a={value}"
    if name.endswith("env"):
        return f"A={value}"
    return value


#: What else may be wrong beside the secret.
BESIDE: tuple[dict[str, t.Any], ...] = ({}, {"no_such_sub_option": 1})
OF_GROUP: dict[str, dict[str, t.Any]] = {
    "graphics": {"type": "vnc"},
    "launchSecurity": {"type": "sev"},
}
BASE: dict[str, t.Any] = {"name": "new", "osinfo": "generic", "disk": "none", "memory": 64}


def test_the_table_knows_the_options() -> None:
    names = {group for group, _name in secret_sub_options()}
    assert {"graphics", "sysinfo", "launchSecurity", "qemu_commandline", "boot"} <= names


@pytest.mark.parametrize("uri", ["qemu:///system", "test:///default"])
def test_sub_options(fuzz: Fuzz, uri: str) -> None:
    for group, name in secret_sub_options():
        for value in (*SHAPES[:4], *WRONG[:4]) if uri.startswith("qemu") else (*SHAPES, *WRONG):
            if group == "qemu_commandline" and not isinstance(value, str):
                # An argument whose data isn't known as secret is shown, as is a variable's name.
                continue
            for beside in BESIDE:
                said = {**OF_GROUP.get(group, {}), **nested(name, valued(name, value)), **beside}
                what = f"{group}.{name}={str(value)[:20]}"
                fuzz.run(domain, what, uri=uri, **{**BASE, group: said})
            if uri.startswith("test"):
                continue
            fuzz.run(domain_defaults, what, uri=uri, **{**BASE, group: [said]})
            fuzz.run(domains, what, uri=uri, domains=[{**BASE, group: said}], defaults={})
            fuzz.run(domains, what, uri=uri, domains=[{"name": "a"}], defaults={group: said})


#: Sub-options that can't be said behind something else, and why what looks like them is no secret.
ALWAYS_FIRST = {
    ("qemu_commandline", "env"): "a text that doesn't begin with it is an argument of QEMU, whole",
}


def test_strings(fuzz: Fuzz) -> None:
    for group, name in secret_sub_options():
        plain = name.replace("[]", "0")
        first = "vnc," if group == "graphics" else ""
        for value in SHAPES:
            texts = [f"{first}{plain}={valued(name, value)}"]
            texts += [f"{texts[0]},nonsense=1", f"{texts[0]}'"]
            if (group, plain) not in ALWAYS_FIRST:
                texts.append(f"nonsense,{texts[0]}")
            for text in texts:
                fuzz.run(domain, text[:40], uri="test:///default", **{**BASE, group: text})
                for said in (text, shlex.quote(text)):
                    line = f"virt-install --name a {GROUPS[group].flags[0]} {said}"
                    fuzz.run(domain, line[:60], uri="test:///default", virt_install=line)


def test_xpath(fuzz: Fuzz) -> None:
    places = ("./devices/graphics/@passwd", "./launchSecurity/session", "./a/@password")
    for place in places:
        for value in SHAPES:
            for said in (
                f"{place}={value}",
                f"{place} {value}",
                {"xpath.set": place, "xpath.value": value},
                f"xpath.set={place},xpath.value={value}",
            ):
                fuzz.run(domain, f"xpath {said}"[:50], uri="test:///default", **BASE, xpath=said)
    for group, table in GROUPS.items():
        if group == "xml" or not any(one.name == "xpath[].set" for one in table.options):
            continue
        for value in SHAPES[:3]:
            own: dict[str, t.Any]
            for own in (
                {"xpath0": {"set": f"./@password={value}"}},
                {"xpath0": {"set": "./@passwd", "value": value}},
                {"xpath0.set": "./@passwd", "xpath0.value": value},
            ):
                fuzz.run(
                    domain, f"{group} {own}"[:60], uri="test:///default", **{**BASE, group: own}
                )


def test_cloud_init_and_lines(fuzz: Fuzz) -> None:
    for value in SHAPES:
        for said in (
            {"root_password": value},
            {"root_password": [value]},
            {"root_pasword": value},
            {"user_data": f"#cloud-config\npassword: {value}"},
            {"user_data": {"users": [{"passwd": value}]}, "ssh_keys": [value]},
            {"ssh_keys": {"key": value}},
            [value],
            value,
            f"root-password={value}",
            f"root-password={value},nonsense",
        ):
            fuzz.run(
                domain, f"cloud_init {said}"[:60], uri="test:///default", **BASE, cloud_init=said
            )
            fuzz.run(
                domains,
                f"cloud_init {said}"[:60],
                uri="test:///default",
                domains=[{**BASE, "cloud_init": said}],
            )
        for said in (
            {"admin_password": value, "profile": "jeos"},
            {"user_password": value, "user_login": "ada", "admin_password": value},
            {"admin_password": [value]},
            {"admin_pasword": value},
            {"product_key": value, "admin_password": value},
            {"profile": value},
            {"admin_password_file": value},
            [value],
            value,
            f"profile=jeos,admin-password={value}",
            f"admin-pasword={value}",
        ):
            for system in ("generic", "fedora36"):
                options = {
                    **BASE,
                    "osinfo": system,
                    "install": {"kernel": "/dev/null", "initrd": "/etc/hostname"},
                    "unattended": said,
                }
                what = f"unattended {said}"[:60]
                fuzz.run(domain, what, uri="test:///default", **options)
                fuzz.run(domains, what, uri="test:///default", domains=[options])
                fuzz.run(domain_defaults, what, uri="test:///default", **options)
        for line in (
            f"--unattended admin-password={value}",
            f"--cloud-init root-password={value}",
            f"--cloud root-password={value}",
            f"--cloud-init root-password={value} --nonsense",
            f"--name a --cloud-init 'root-password={value}",
            f"--name a --graphics vnc,password={value} extra",
            f"--name a -x password={value}",
            f"--connect esx://a:{value}@b/ --name a",
        ):
            fuzz.run(domain, line[:60], uri="test:///default", virt_install=line)
        for name, said in (
            ("extra_args", f"password={value}"),
            ("install", {"kernel": "/k", "kernel_args": f"a.password={value}"}),
            ("boot", {"cmdline": f"systemd.set_credential=a:{value}"}),
        ):
            if "," not in value and " " not in value and "'" not in value:
                fuzz.run(domain, name, uri="test:///default", **BASE, **{name: said})


URIS = (
    "qemu+tcp://user:{}@127.0.0.1:9/system",
    "nonsense://user:{}@host/",
    "qemu+tcp://127.0.0.1:9/system?password={}",
    "esx://root:{}@[::1",
)


def test_the_connection(fuzz: Fuzz) -> None:
    quick = {
        domain_info: {},
        domain_state: {"name": "a", "state": "running"},
        domain: BASE,
        nwfilter: {"name": "a", "state": "absent"},
        pool: {"name": "a", "state": "absent"},
        volume: {"pool": "a", "name": "a", "state": "absent"},
        secret: {"uuid": "9f0c4a1b-6d3e-4c57-8a70-2c3d5e6f7a81"},
    }
    for module, options in quick.items():
        for uri in URIS:
            fuzz.run(module, uri, uri=uri.format(MARK), timeout=2, **options)
        for auth in (
            {"username": "a", "password": MARK},
            {"username": "a", "pasword": MARK},
            {"username": "a", "password": [MARK]},
            MARK,
            [MARK],
            {"password": {MARK: MARK}},
        ):
            fuzz.run(
                module, f"auth {auth}", uri="qemu+tcp://127.0.0.1:9/system", auth=auth, **options
            )


def test_what_a_guest_is_given(fuzz: Fuzz) -> None:
    for shape in (*SHAPES, *WRONG):
        fuzz.run(domain_agent, "password", name="a", password={"user": "root", "value": shape})
        fuzz.run(domain_agent, "misspelt", name="a", password={"user": "root", "valu": shape})
        fuzz.run(domain_agent, "whole", name="a", password=shape)
        fuzz.run(domain_agent, "stdin", name="a", command={"argv": ["cat"], "stdin": shape})
        fuzz.run(domain_agent, "input", name="a", command={"argv": ["cat"], "input": shape})
        fuzz.run(domain_send_keys, "text", name="a", text=shape)


def test_what_storage_is_given(fuzz: Fuzz) -> None:
    rbd = {"type": "rbd", "source": {"name": "a", "hosts": [{"name": "b"}]}}
    xml = (
        "<pool type='rbd' xmlns:rbd='http://libvirt.org/schemas/storagepool/rbd/1.0'>"
        "<name>a</name><source><name>a</name><host name='b'/></source>"
        f"<rbd:config_opts><rbd:option name='key' value='{MARK}'/></rbd:config_opts></pool>"
    )
    fuzz.run(pool, "document", xml=xml)
    for shape in (*SHAPES, *WRONG):
        fuzz.run(pool, "ceph_options", name="a", ceph_options={"key": shape}, **rbd)
        if not isinstance(shape, dict):
            # The names of options are none.
            fuzz.run(pool, "whole", name="a", ceph_options=shape, **rbd)
        fuzz.run(volume, "content", pool="a", name="a", content=shape)
        fuzz.run(volume, "content_base64", pool="a", name="a", content_base64=shape)
        fuzz.run(volume, "misspelt", pool="a", name="a", contents={"password": shape})


def test_options_that_are_misspelt(fuzz: Fuzz) -> None:
    for module in (
        *(domain, domain_xml, domain_device, domain_info, domains, domain_state),
        *(nwfilter, nwfilter_info, secret, secret_info, domain_agent),
        *(pool, pool_info, volume, volume_info),
    ):
        for name in ("graphcs", "pasword", "cloudinit", "xlm"):
            fuzz.run(module, name, **{name: {"password": MARK}})


HEAD = "<name>new</name><memory>65536</memory><os><type>hvm</type>{os}</os>"
WRAPPERS = {
    "graphics": "<devices><graphics type='vnc' passwd='{}'/></devices>",
    "cookie": "<devices><disk type='network'><source protocol='https' name='a' query='{0}'>"
    "<host name='b'/><cookies><cookie name='c'>{0}</cookie></cookies></source>"
    "<target dev='vda'/></disk></devices>",
    "fwcfg": "<sysinfo type='fwcfg'><entry name='opt/a'>{}</entry></sysinfo>",
    "oem": "<sysinfo type='smbios'><oemStrings><entry>io.systemd.credential:a={}</entry>"
    "</oemStrings></sysinfo>",
    "sev": "<launchSecurity type='sev'><cbitpos>1</cbitpos><reducedPhysBits>1</reducedPhysBits>"
    "<policy>1</policy><dhCert>{0}</dhCert><session>{0}</session></launchSecurity>",
    "metadata": "<metadata><a:a xmlns:a='urn:a'><a:password>{0}</a:password></a:a></metadata>",
    "misspelt": "<devices><graphics type='vnc' password='{}'/></devices>",
    "element": "<devices><graphics type='vnc'><passwd>{}</passwd></graphics></devices>",
    "arguments": "<qemu:commandline><qemu:arg value='-fw_cfg'/><qemu:arg "
    "value='name=opt/a,string={0}'/><qemu:env name='A' value='{0}'/></qemu:commandline>",
    "wrong": "<devices><graphics type='vnc' passwd='{}'/><sound model='none'/></devices>",
    "too many": "<devices><graphics type='vnc' passwd='{}'/></devices><vcpu>99999</vcpu>",
}


def test_documents(fuzz: Fuzz) -> None:
    namespace = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    for name, form in WRAPPERS.items():
        for number, value in enumerate(SHAPES):
            escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")
            texts = {escaped, value} if number in (0, 5, 6) else {escaped}
            for text in texts:
                body = form.format(text)
                document = f"<domain type='qemu' {namespace}>{HEAD.format(os='')}{body}</domain>"
                for validate in (True, False):
                    options = {"xml": document, "validate": validate}
                    fuzz.run(domain_xml, f"{name} {text}"[:40], **options)
                    fuzz.run(domain_xml, f"{name} broken", xml=f"{document}<", validate=validate)
                fuzz.run(domain, name, xml=document)
                fuzz.run(domains, name, domains=[{"xml": document}])


def test_domains_that_have_secrets(fuzz: Fuzz) -> None:
    """Made, shown, changed, with a diff each time, and refused by libvirt itself."""
    hypervisor = Hypervisor()
    hypervisor.clear()
    body = "".join(WRAPPERS[name] for name in ("fwcfg", "oem", "metadata", "arguments"))
    devices = "<devices><graphics type='vnc' passwd='{0}'/></devices>"
    namespace = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    form = f"<domain type='qemu' {namespace}>{HEAD}{devices}{body}</domain>"
    cmdline = "<cmdline>quiet a.password={0} u=http://a:{0}@b/</cmdline>"
    try:
        for value in (f"{MARK}1", f"{MARK}2"):
            document = form.replace("{os}", cmdline).replace("{}", "{0}").format(value)
            for check in (True, False):
                values = fuzz.run(domain_xml, "made", check=check, xml=document)
                assert values["changed"], values
                if value.endswith("2"):
                    assert values["diff"]["before"] != values["diff"]["after"]
            assert value in hypervisor.definition("new")
            fuzz.run(domain_info, "shown", gather=["xml", "live_xml", "stats"])
            values = fuzz.run(
                domain_device, "device", domain="new", graphics={"type": "vnc", "password": value}
            )
            fuzz.run(
                domain, "merged", name="new", graphics={"type": "vnc", "password": f"{value}x"}
            )
            fuzz.run(
                domain_device, "matched", domain="new", match=f"./@passwd={value}", graphics="vnc"
            )
    finally:
        hypervisor.clear()


def test_values_of_secrets(fuzz: Fuzz) -> None:
    """Right and wrong ones, as text and coded, set and compared, private and not."""
    connection = Hypervisor().raw
    usage = {"type": "tls", "id": "safe"}
    try:
        for value in (*SHAPES, MARK * 20000):
            coded = base64.b64encode(value.encode()).decode()
            for private in (False, True):
                for option, text in (
                    ("value", value),
                    ("value_base64", coded),
                    # No Base64, but for what it may be by chance.
                    ("value_base64", value),
                ):
                    for update in ("on_create", "if_different", "always", MARK):
                        options: dict[str, t.Any] = {
                            "usage": usage,
                            "private": private,
                            option: text,
                            "update_value": "x" if update == MARK else update,
                        }
                        for check in (True, False):
                            done = fuzz.run(secret, f"{option} {update}", check, **options)
                            assert coded not in str(done)
                            assert str(len(value)) not in str(done.get("changes"))
            for name in ("value", "value_base64"):
                both = {"value": value, "value_base64": coded}
                fuzz.run(secret, "both", usage=usage, **both)
                fuzz.run(secret, "no usage", **{name: both[name]})
                fuzz.run(secret, "wrong uuid", uuid="x", **{name: both[name]})
                fuzz.run(secret, "wrong XML", xml="<secret/><", **{name: both[name]})
                fuzz.run(secret, "gone", usage=usage, state="absent", **{name: both[name]})
            fuzz.run(secret_info, "shown", check=False)
            for found in connection.listAllSecrets():
                found.undefine()
        for wrong in WRONG:
            for name in ("value", "value_base64"):
                fuzz.run(secret, "wrong type", usage=usage, **{name: wrong})
                fuzz.run(secret, "wrong place", usage={**usage, name: wrong})
    finally:
        for found in connection.listAllSecrets():
            found.undefine()


def test_a_secret_is_given_only_where_it_is_asked_for(logged: list[str], counts: t.Any) -> None:
    plain = Fuzz(logged, counts)
    options = {**BASE, "graphics": {"type": "vnc", "password": MARK}, "uri": "test:///default"}
    assert "VALUE_HIDDEN" in plain.run(domain_defaults, "hidden", **options)["xml"]
    plain.check()
    shown = plain.run(domain_defaults, "shown", **options, show_secrets=True)
    assert f"passwd='{MARK}'" in shown["xml"]
    assert MARK not in str({key: value for key, value in shown.items() if key != "xml"})


# A real run.

PLAY = [
    {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [
            {
                "declarative.libvirt.domain": {
                    "name": "safe",
                    "osinfo": "generic",
                    "memory": 64,
                    "virt_type": "qemu",
                    "disks": [{"size": 0.01}],
                    "graphics": {"type": "vnc", "password": MARK},
                    "cloud_init": {"root_password": MARK, "ssh_keys": [f"ssh-rsa {MARK}"]},
                    "state": "running",
                }
            },
            {
                "declarative.libvirt.domain": {
                    "virt_install": f"--name b --cloud-init root-password={MARK} --nope"
                },
                "ignore_errors": True,
            },
            {
                "declarative.libvirt.domain_info": {
                    "uri": f"qemu+tcp://u:{MARK}@127.0.0.1:9/system",
                    "auth": {"pasword": MARK},
                },
                "ignore_errors": True,
            },
            {
                "declarative.libvirt.domains": {
                    "domains": [{"name": "c", "grafics": {"password": MARK}}]
                },
                "ignore_errors": True,
            },
            {"declarative.libvirt.domain_info": {"gather": ["xml", "live_xml"]}},
            {
                "declarative.libvirt.secret": {
                    "usage": {"type": "tls", "id": "safe"},
                    "value": MARK,
                    "update_value": "always",
                }
            },
            {
                "declarative.libvirt.secret": {
                    "usage": {"type": "tls", "id": "safe"},
                    "value_base64": f"{MARK}%",
                },
                "ignore_errors": True,
            },
            {"declarative.libvirt.secret_info": {}},
        ],
    }
]


class Watch(threading.Thread):
    """Looks at all processes while something runs: arguments, and the environment of children."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.found: set[str] = set()
        self.seen: set[str] = set()

    def run(self) -> None:
        while not self.over.wait(0.02):
            for path in glob.glob("/proc/[0-9]*"):
                for name in ("cmdline", "environ"):
                    with contextlib.suppress(OSError):
                        data = pathlib.Path(path, name).read_bytes()
                        self.seen.add(path)
                        if MARK.encode() in data:
                            self.found.add(f"{name}: {data[:300]!r}")


def test_ansible_playbook(tmp_path: pathlib.Path, counts: collections.Counter[str]) -> None:
    """What it says with -vvvv, and what is in arguments, environments and files meanwhile."""
    play = tmp_path / "play.yml"
    play.write_text(json.dumps(PLAY), encoding="utf-8")
    watch = Watch()
    watch.start()
    hypervisor = Hypervisor()
    try:
        done = subprocess.run(
            [
                *(pathlib.Path(sys.executable).parent / "ansible-playbook", "-i", "localhost,"),
                *("-vvvv", "--diff", "-e", f"ansible_python_interpreter={sys.executable}", play),
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "ANSIBLE_DISPLAY_TRACEBACK": "always"},
        )
        output = done.stdout + done.stderr
        assert "safe" in hypervisor.names(), output[-3000:]
        assert MARK not in output, output[output.index(MARK) - 400 : output.index(MARK) + 100]
        assert "VALUE_HIDDEN" in output
        seed = pathlib.Path("/var/lib/libvirt/images/safe-cloudinit.iso")
        assert MARK.encode() in seed.read_bytes()
        assert seed.stat().st_mode & 0o777 == 0o600
        watch.over.set()
        watch.join()
        assert not watch.found
        counts["processes looked at meanwhile"] += len(watch.seen)
        folders = {tempfile.gettempdir(), "/run", os.environ.get("ANSIBLE_HOME", "/tmp")}  # noqa: S108
        left = [
            path
            for folder in folders
            for path in glob.glob(f"{folder}/**/*ansible*", recursive=True)
            if os.path.isfile(path)
            and os.path.getsize(path) < 10**6
            and MARK.encode() in pathlib.Path(path).read_bytes()
        ]
        assert not left
    finally:
        watch.over.set()
        hypervisor.clear()
        for secret_made in hypervisor.raw.listAllSecrets():
            secret_made.undefine()
        for path in pathlib.Path("/var/lib/libvirt/images").iterdir():
            path.unlink()
