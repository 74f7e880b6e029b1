# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._file_use.names import (
    UnknownName,
    files_named,
    named_in,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("/i/a.qcow2", ["/i/a.qcow2"]),
        ("a.qcow2", ["/d/a.qcow2"]),
        ("../i/a.qcow2", ["/d/../i/a.qcow2"]),
        ("./has:colon", ["/d/./has:colon"]),
        ("file:/i/a", ["/i/a"]),
        ("file:///i/a%20b", ["/i/a b"]),
        ('json:{"driver": "file", "filename": "/i/a"}', ["/i/a"]),
        ('json:{"driver":"qcow2","file":{"driver":"file","filename":"/i/a"}}', ["/i/a"]),
        ('json:{"driver":"raw","file.filename":"/i/a","file.driver":"file"}', ["/i/a"]),
        ('json:{"file":{"filename":"json:{\\"file.filename\\":\\"/i/a\\"}"}}', ["/i/a"]),
        (
            'json:{"driver":"qcow2","file":{"driver":"file","filename":"/i/a"},'
            '"data-file":{"driver":"file","filename":"/i/b"}}',
            ["/i/a", "/i/b"],
        ),
        ('json:{"driver":"nbd","server":{"type":"inet","host":"far","port":"1"}}', []),
        ("nbd://far:10809/x", []),
        ("nbd:far:10809:exportname=x", []),
        ("https://far/x.img", []),
        ("rbd:pool/x", []),
    ],
)
def test_a_name_of_a_backing_file_is_understood(name, files):
    assert files_named(name, "/d") == files


@pytest.mark.parametrize(
    "name",
    [
        "nbd:unix:/run/x.sock",
        "nbd+unix:///x?socket=/run/x.sock",
        "nbd://localhost/x",
        "nbd:127.0.0.1:10809",
        "strange:thing",
        "json:{broken",
        'json:{"driver":"qcow2","file":"node0"}',
        'json:{"driver":"nbd","server":{"type":"unix","path":"/run/x.sock"}}',
    ],
)
def test_a_name_that_may_mean_any_file_is_a_doubt(name):
    with pytest.raises(UnknownName):
        files_named(name, "/d")


DOMAIN = """
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>a</name>
  <description>/in/a/text</description>
  <metadata><x xmlns='urn:x'>/in/notes</x></metadata>
  <os><kernel>/k</kernel><initrd>/i</initrd><dtb>/d</dtb><loader>/l</loader>
    <nvram template='/t'>/n</nvram><cmdline>/not/this</cmdline></os>
  <devices>
    <emulator>/usr/bin/qemu</emulator>
    <disk type='file' device='disk'><driver type='qcow2'/><source file='/a'>
      <dataStore type='file'><source file='/data'/></dataStore></source>
      <backingStore type='file'><format type='raw'/><source file='/base'/><backingStore/>
      </backingStore><target dev='vda'/><mirror type='file' file='/copy'><source file='/copy'/>
      </mirror></disk>
    <disk type='volume' device='disk'><source pool='p' volume='v'/><target dev='vdb'/></disk>
    <disk type='network' device='disk'><source protocol='rbd' name='pool/image'/>
      <target dev='vdc'/></disk>
    <disk type='file' device='cdrom'><source file='/cd.iso'/><target dev='sda'/><readonly/></disk>
    <filesystem type='mount'><source dir='/export'/><target dir='/inside'/></filesystem>
    <memory model='nvdimm'><source><path>/nvdimm</path></source></memory>
    <serial type='file'><source path='/serial'/></serial>
    <newdevice><thing file='/unknown'/></newdevice>
  </devices>
  <qemu:commandline><qemu:arg value='file=/arg.img,if=none'/></qemu:commandline>
</domain>
"""


def test_all_files_of_a_domain_are_found():
    found = {
        named.path or f"{named.pool}/{named.volume}": named for named in named_in(parse(DOMAIN))
    }
    assert set(found) == {
        *("/k", "/i", "/d", "/l", "/t", "/n", "/a", "/data", "/base", "/copy", "p/v"),
        *("pool/image", "/cd.iso", "/export", "/nvdimm", "/serial", "/unknown", "/arg.img"),
    }
    assert (found["/a"].target, found["/a"].form, found["/a"].is_shared) == ("vda", "qcow2", False)
    assert (found["/base"].target, found["/base"].form) == ("vda", "raw")
    assert found["/cd.iso"].is_shared
    assert found["/export"].is_folder
    assert found["/nvdimm"].what == "a memory device"
    assert found["/unknown"].what == "/devices/newdevice/thing/@file"


def test_snapshots_have_whole_domains():
    text = f"<domainsnapshot><name>s</name><memory file='/mem'/>{DOMAIN}</domainsnapshot>"
    found = {named.path: named for named in named_in(parse(text))}
    assert found["/k"].what == "the kernel"
    assert found["/mem"].what == "the memory of the guest"
    assert found["/a"].target == "vda"
