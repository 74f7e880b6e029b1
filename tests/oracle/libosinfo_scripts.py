# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts of unattended installations: ours and libosinfo's, byte by byte.

libosinfo runs the main loop of GLib until a script is read. In a process where virt-install has
connections to libvirt, that loop is theirs too, and has waited for ever.
"""

from __future__ import annotations

import collections
import itertools
import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo import (
    Database,
    OperatingSystem,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._osinfo.install_script import (
    Source,
)

_ARCHES = ("x86_64", "i686", "aarch64")
_SETTERS = {
    "user-login": "user_login",
    "user-realname": "user_realname",
    "user-password": "user_password",
    "admin-password": "admin_password",
    "target-disk": "target_disk",
    "hardware-arch": "hardware_arch",
    "hostname": "hostname",
    "l10n-timezone": "l10n_timezone",
    "l10n-language": "l10n_language",
    "l10n-keyboard": "l10n_keyboard",
    "installation-url": "installation_url",
    "reg-login": "reg_login",
    "reg-product-key": "reg_product_key",
}
_FULL = {
    "user-login": "bob",
    "user-realname": "bob <& Söhne>",
    "user-password": "pw 'of\" <bob>&",
    "admin-password": "pw-of-root",
    "target-disk": "/dev/vda",
    "hostname": "web-1",
    "l10n-timezone": "Europe/Berlin",
    "reg-login": "login",
    "reg-product-key": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
}
#: Only what virt-install gives always.
_LITTLE = {"user-password": "", "admin-password": "", "target-disk": "/dev/sda", "hostname": "h"}
#: Languages that the database translates, that it doesn't, and what libosinfo takes by itself.
_ANSWERS = (("de_DE", _FULL), ("xx_YY", _LITTLE), (None, _FULL))


def compared() -> collections.Counter[str]:
    """How many systems, scripts and command lines are the same.

    :raises AssertionError: one differs.
    """
    import gi

    gi.require_version("Libosinfo", "1.0")
    from gi.repository import Libosinfo

    loader = Libosinfo.Loader()
    loader.process_default_path()
    elements = loader.get_db().get_os_list().get_elements()
    theirs = {system.get_id(): system for system in elements}
    counts: collections.Counter[str] = collections.Counter()
    database = Database()
    systems = [system for system in database.all() if system.script_ids()]
    assert {system.id for system in systems} == {
        name for name, their in theirs.items() if _scripts(their)
    }
    for system in systems:
        counts["systems with scripts"] += 1
        their_scripts = {script.get_id(): script for script in _scripts(theirs[system.id])}
        assert sorted(system.script_ids()) == sorted(their_scripts)
        for name, their in their_scripts.items():
            ours = database.install_script(name)
            assert ours is not None
            assert ours.profile == their.get_profile()
            assert ours.file_name == their.get_expected_filename()
            params = their.get_config_param_list()
            assert sorted(ours.required()) == sorted(
                param.get_name() for param in params if not param.is_optional()
            )
            _compare(Libosinfo, system, ours, theirs[system.id], their, counts)
    return counts


def _compare(
    libosinfo: t.Any,
    system: OperatingSystem,
    ours: t.Any,
    their_system: t.Any,
    their: t.Any,
    counts: collections.Counter[str],
) -> None:
    methods = libosinfo.InstallScriptInjectionMethod
    places = libosinfo.InstallScriptInstallationSource
    media = {medium.get_id(): medium for medium in their_system.get_media_list().get_elements()}
    own_media = dict(zip((f"{system.id}:{n}" for n in itertools.count()), system.media()))
    for method in ("cdrom", "initrd"):
        has_method = bool(their.get_injection_methods() & getattr(methods, method.upper()))
        assert (method in ours.methods) == has_method
        if not has_method:
            continue
        their.set_preferred_injection_method(getattr(methods, method.upper()))
        for arch, (language, answers) in itertools.product(_ARCHES, _ANSWERS):
            given = {**answers, "hardware-arch": arch}
            if language is not None:
                given.update({"l10n-language": language, "l10n-keyboard": language})
            config = libosinfo.InstallConfig()
            for name, value in given.items():
                getattr(config, f"set_{_SETTERS[name]}")(value)
            variants: list[tuple[t.Any, t.Any]] = [(None, None)]
            if arch == "x86_64":
                variants += [(media[name], own_media[name]) for name in sorted(media)]
            for their_medium, medium in variants:
                is_network = medium is None
                their.set_installation_source(places.NETWORK if is_network else places.MEDIA)
                source = Source(method, medium, None, is_network)
                if their_medium is None:
                    text = their.generate(their_system, config)
                    line = their.generate_command_line(their_system, config)
                else:
                    text = their.generate_for_media(their_medium, config)
                    line = their.generate_command_line_for_media(their_medium, config)
                counts["scripts"] += 1
                assert ours.text(system, source, given) == text, (system, ours.id, medium)
                if method == "initrd":
                    counts["command lines"] += 1
                    assert ours.arguments(system, source, given) == line


def _scripts(system: t.Any) -> list[t.Any]:
    return list(system.get_install_script_list().get_elements())
