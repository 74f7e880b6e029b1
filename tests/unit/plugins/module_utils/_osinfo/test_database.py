# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import (
    Database,
    DatabaseMissing,
    Firmware,
    Resources,
    UnknownOperatingSystem,
)

NET, DISK, OLD = (f"http://example.org/pci/{name}" for name in ("net", "disk", "old"))

FILES = {
    "os/example.org/base-1.xml": f"""
      <os id="http://example.org/base/1">
        <short-id>base1</short-id>
        <family>linux</family>
        <kernel-url-argument>repo</kernel-url-argument>
        <devices><device id="{NET}"/><device id="{OLD}"/></devices>
        <firmware arch="x86_64" type="bios"/>
        <resources arch="all">
          <minimum><ram>1024</ram></minimum>
          <recommended><ram>4096</ram><n-cpus>2</n-cpus></recommended>
        </resources>
      </os>""",
    "os/example.org/base-2.xml": f"""
      <os id="http://example.org/base/2">
        <short-id>base2</short-id>
        <short-id>second</short-id>
        <name xml:lang="de">Grundlage</name>
        <name>Base</name>
        <derives-from id="http://example.org/base/1"/>
        <devices><device id="{OLD}" supported="false"/></devices>
        <firmware arch="x86_64" type="bios" supported="false"/>
        <resources arch="x86_64"><minimum><ram>2048</ram></minimum></resources>
        <resources arch="all" inherit="true"/>
      </os>""",
    "os/example.org/base-2.d/disk.xml": f"""
      <os id="http://example.org/base/2"><devices><device id="{DISK}"/></devices></os>""",
    "os/example.org/copy-3.xml": """
      <os id="http://example.org/copy/3">
        <short-id>copy3</short-id>
        <clones id="http://example.org/base/2"/>
        <upgrades id="http://example.org/round/1"/>
      </os>""",
    "os/example.org/round-1.xml": """
      <os id="http://example.org/round/1">
        <short-id>round1</short-id>
        <upgrades id="http://example.org/copy/3"/>
      </os>""",
    "device/example.org/pci-net.xml": f"""
      <device id="{NET}"><name>card</name><class>net</class></device>""",
}


def write(directory: Path, files: t.Mapping[str, str]) -> None:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<libosinfo>{content}</libosinfo>")


@pytest.fixture(name="database")
def fixture_database(tmp_path: Path) -> Database:
    write(tmp_path, FILES)
    return Database([str(tmp_path)])


def test_any_name_finds_it(database: Database) -> None:
    for name in ("base2", "second", "http://example.org/base/2"):
        assert database.find(name).id == "http://example.org/base/2"
    assert database.find("second").short_id == "base2"
    assert database.find("second").name == "Base"


def test_an_extension_can_add_a_name(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    added = '<os id="http://example.org/base/2"><short-id>mine</short-id></os>'
    own = tmp_path / "own"
    write(own, {"os/example.org/base-2.d/name.xml": added})
    found = Database([str(tmp_path), str(own)]).find("mine")
    assert (found.id, found.short_id) == ("http://example.org/base/2", "base2")


def test_devices_are_inherited_and_the_nearest_mention_counts(database: Database) -> None:
    for name in ("base2", "copy3"):
        system = database.find(name)
        assert sorted(device.id for device in system.devices()) == [DISK, NET]
        assert system.has_device(NET)
        assert system.has_device(OLD, DISK)
        assert not system.has_device(OLD)
    assert [(d.name, d.kind) for d in database.find("base2").devices() if d.id == NET] == [
        ("card", "net")
    ]


def test_firmware_and_argument_are_inherited(database: Database) -> None:
    assert database.find("copy3").firmwares() == [Firmware("x86_64", "bios", False)]
    assert database.find("copy3").kernel_url_argument == "repo"


def test_resources_are_inherited_only_where_it_says_so(database: Database) -> None:
    base = database.find("base2")
    assert base.resources("minimum") == {"x86_64": Resources(2048), "all": Resources(1024)}
    assert base.resources("recommended") == {"all": Resources(4096, 2)}
    assert database.find("copy3").resources("minimum") == {}


def test_relations_may_go_round_in_circles(database: Database) -> None:
    assert database.find("copy3").is_related_to("base1")
    assert database.find("round1").is_related_to("base1")
    assert not database.find("base1").is_related_to("round1")
    assert not database.find("round1").is_related_to("nothing")


def test_a_later_directory_replaces_and_adds(tmp_path: Path) -> None:
    system, local = tmp_path / "system", tmp_path / "local"
    write(system, FILES)
    write(
        local,
        {
            "os/example.org/base-1.xml": (
                '<os id="http://example.org/base/1"><short-id>base1</short-id>'
                "<family>own</family></os>"
            ),
            "os/site.example/own-1.xml": (
                '<os id="http://site.example/own/1"><short-id>own1</short-id></os>'
            ),
        },
    )
    database = Database([str(system), str(local)])
    assert database.find("base1").family == "own"
    assert database.find("own1").id == "http://site.example/own/1"
    assert len(database.all()) == 5


def test_globs(database: Database) -> None:
    assert [system.short_id for system in database.match("base*")] == ["base1", "base2"]
    assert [system.short_id for system in database.match("second")] == ["base2"]


def test_only_what_is_needed_is_read(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    whole = database._files.read

    def read(key: str) -> t.Any:
        keys.append(key)
        return whole(key)

    monkeypatch.setattr(database._files, "read", read)
    assert database.find("base2").has_device(NET)
    assert keys == ["example.org/base-2", "example.org/base-1"]


def test_an_unknown_name_suggests_others(database: Database) -> None:
    with pytest.raises(UnknownOperatingSystem, match="'none'; osinfo_info lists what it has"):
        database.find("none")
    with pytest.raises(UnknownOperatingSystem, match="'bsae2'; did you mean base2"):
        database.find("bsae2")


NAMES = [
    *("debian1.1", "debian1.2", "debian9", "debian10", "debian11", "debiantesting", "generic"),
    *("ubuntu20.04", "ubuntu20.10", "ubuntu22.04", "fedora36", "win2k19", "win2k22", "win10"),
    *("rhel8.6", "rhel9.0", "centos-stream8", "centos-stream9"),
]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("debian12", "; take debian11 or generic, or import a newer database"),
        ("ubuntu24.04", "; take ubuntu22.04 or generic,"),
        ("rhel9.4", "; take rhel9.0 or generic,"),
        ("centos-stream10", "; take centos-stream9 or generic,"),
        ("win11", "; take win10 or generic,"),
        ("win2k25", "; take win2k22 or generic,"),
        ("debian8", "; did you mean debian9 or debian10 or debian11?"),
        ("ubuntu21.10", "; did you mean ubuntu20.10 or ubuntu20.04 or ubuntu22.04?"),
        ("ubunto22.04", "; did you mean ubuntu22.04 or"),
        ("plan9", "; osinfo_info lists what it has"),
    ],
)
def test_the_nearest_release_comes_first(name: str, words: str) -> None:
    assert f"no operating system '{name}'{words}" in str(UnknownOperatingSystem(name, NAMES))


def test_the_year_of_the_database(database: Database, tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text("20221203")
    with pytest.raises(UnknownOperatingSystem, match="database, which is of 2022, has no"):
        Database([str(tmp_path), *database._directories]).find("base7")


def test_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing, match="install the package osinfo-db"):
        Database([str(tmp_path)]).find("base1")


def test_a_broken_file_hides_only_itself(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "os/example.org/broken-1.xml").write_text("<libosinfo><os>")
    assert Database([str(tmp_path)]).find("base2").short_id == "base2"
