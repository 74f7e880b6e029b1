# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers that the option ``unattended`` gives to the installer.

An installer whose kernel is booted directly finds its script in the initrd, and learns of it by
the kernel's arguments. Every other installer looks for it on a CD-ROM.
"""

from __future__ import annotations

import re
import typing as t

from .. import _secrecy
from .._images.errors import ImageError
from .._images.request import Access
from .._osinfo import OperatingSystem
from .._osinfo.install_script import InstallScript, Source
from .configure.clock import is_windows
from .configure.devices_known import (
    VIRTIO_BALLOON,
    VIRTIO_BLOCK,
    VIRTIO_INPUT,
    VIRTIO_NET,
    VIRTIO_RNG,
    VIRTIO_SCSI,
    VIRTIO_SERIAL,
)
from .errors import OptionError
from .guest import Guest
from .install import Install, detected_medium, is_url
from .location import known_tree
from .seed_image import mark_of, seed_image, unattended_name
from .storage import NewVolume
from .sub_options import read_sub_options
from .system import GENERIC

if t.TYPE_CHECKING:
    from .._xmltree.lxml_import import etree

_KEYS = (
    "profile",
    "admin_password",
    "admin_password_file",
    "user_login",
    "user_password",
    "user_password_file",
    "product_key",
    "reg_login",
)
#: Words for an installation with all defaults.
_ALL_DEFAULTS = ("", "default", "yes", "true")
_PREFERRED_PROFILE = "desktop"
CDROM, INITRD = "cdrom", "initrd"
_LABEL = "unattended"
#: The devices for which an installer's drivers count: Guest._extra_drivers of virt-install.
_WITH_DRIVERS = frozenset(
    [
        *VIRTIO_BALLOON,
        *VIRTIO_BLOCK,
        *VIRTIO_INPUT,
        *VIRTIO_NET,
        *VIRTIO_RNG,
        *VIRTIO_SCSI,
        *VIRTIO_SERIAL,
    ]
)
#: Installers end at a host name with one of these.
_NOT_IN_HOSTNAME = re.compile(r"[{|}~\[\\\]^':; <=>?@!\"#$%`()+/.,*&]")
#: The answers that are shown to nobody, and the sub-options that give them.
_SECRETS = ("admin-password", "user-password", "reg-product-key")
#: The sub-options that give what a script may require.
_GIVEN_BY = {
    "admin-password": "admin_password",
    "user-password": "user_password",
    "user-login": "user_login",
    "user-realname": "user_login",
    "reg-product-key": "product_key",
    "reg-login": "reg_login",
}
#: The answers without which virt-install begins no installation.
_INDISPENSABLE = ("user-password", "admin-password")


class Script(t.NamedTuple):
    """A file for the installer; ``hidden`` is its text without passwords."""

    name: str
    text: str
    hidden: str


class Unattended(t.NamedTuple):
    """The files for an installer, and the way in which it gets them.

    ``method`` is ``cdrom`` or ``initrd``. ``drivers`` are the URLs of further files on the
    CD-ROM. ``arguments`` are the kernel's.
    """

    method: str
    scripts: tuple[Script, ...]
    arguments: str = ""
    drivers: tuple[str, ...] = ()


def with_drivers(guest: Guest) -> OperatingSystem:
    """The guest's system with the devices for which its installer gets drivers."""
    if not is_windows(guest):
        return guest.os
    devices = {device for driver in guest.os.drivers(guest.arch or "") for device in driver.devices}
    return guest.os.with_devices(devices & _WITH_DRIVERS) if devices else guest.os


def unattended(
    guest: Guest, install: Install, value: object, named: str | None = None
) -> Unattended:
    """The files for the guest's installer.

    ``named`` is the distribution of the system, if the task names it.

    :raises OptionError: the option can't be understood, or the system has no such script.
    """
    given = _given(value)
    method, known = _method(install), _known(guest, install, named)
    if method == CDROM and not is_windows(guest):
        guest.note(
            "unattended: the installer of a system other than Windows may not look for its script on "
            "a CD-ROM; if it asks questions, give location instead of cdrom"
        )
    # What is recognised counts in a script, even if the task names another system.
    system, entry = known or (guest.os, None)
    medium, tree = (entry, None) if entry is None or entry.tag == "media" else (None, entry)
    source = Source(method, medium, tree, medium is None)
    answers = _answers(guest, install, given)
    scripts, arguments = [], []
    for script in _chosen(guest, given.get("profile"), medium):
        if method not in script.methods:
            instead = "location" if method == CDROM else "cdrom"
            raise OptionError(
                f"unattended: the installer of {guest.os.short_id} doesn't look for {script.file_name} "
                f"{'on a CD-ROM' if method == CDROM else 'in an initrd'}"
                + (f"; give {instead}" if {CDROM, INITRD} & set(script.methods) else "")
            )
        _check_complete(guest, script, answers)
        shown = {**answers, **{name: _secrecy.HIDDEN for name in _SECRETS if answers.get(name)}}
        scripts.append(
            Script(
                script.file_name,
                script.text(system, source, answers),
                script.text(system, source, shown),
            )
        )
        # What is in a document is shown, so no password may get into it.
        arguments.append(script.arguments(system, source, shown))
    drivers = guest.os.drivers(guest.arch or "") if method == CDROM else []
    return Unattended(
        method,
        tuple(scripts),
        " ".join(filter(None, arguments)),
        tuple(f"{driver.location}/{name}" for driver in drivers for name in driver.files),
    )


def profile_of(value: object) -> str | None:
    """The profile in the option.

    :raises OptionError: the option can't be understood.
    """
    return _given(value).get("profile")


def _given(value: object) -> dict[str, str]:
    if value is True or (isinstance(value, str) and value.lower() in _ALL_DEFAULTS):
        return {}
    if isinstance(value, str):
        # virt-install's own names.
        pieces = read_sub_options(
            "unattended", (*_KEYS, *(key.replace("_", "-") for key in _KEYS)), value
        )
        return {key.replace("-", "_"): text for key, text in pieces.items()}
    return read_sub_options("unattended", _KEYS, value)


def _known(
    guest: Guest, install: Install, named: str | None
) -> tuple[OperatingSystem, etree._Element] | None:
    """The database's system and entry for what is installed from."""
    if install.location is not None:
        return known_tree(guest, install, named)
    medium = detected_medium(guest, install)
    if medium is None or medium.element is None:
        return None
    return guest.host.osinfo.find(medium.system), medium.element


def _chosen(
    guest: Guest, profile: str | None, medium: etree._Element | None
) -> list[InstallScript]:
    """The scripts of a profile; Windows has several.

    :raises OptionError: there are none.
    """
    system = guest.os
    identifiers: list[str] = []
    if medium is not None:
        if medium.get("installer-script") == "false":
            raise OptionError(
                f"unattended: this image of {system.short_id} can't be installed without questions; "
                "give another one"
            )
        identifiers = [script.get("id") or "" for script in medium.iterfind("installer/script")]
    found = map(guest.host.osinfo.install_script, identifiers or system.script_ids())
    profiles: dict[str, list[InstallScript]] = {}
    for script in found:
        if script is not None:
            profiles.setdefault(script.profile, []).append(script)
    if not profiles and system.short_id == GENERIC:
        raise OptionError(
            "unattended: the operating system is generic, which no script installs; set osinfo to the system "
            "that is installed"
        )
    if not profiles:
        raise OptionError(
            f"unattended: the osinfo database has no script that installs {system.short_id}; give the "
            "installer its answers by extra_args and initrd_inject"
        )
    if profile is None:
        profile = _PREFERRED_PROFILE if _PREFERRED_PROFILE in profiles else min(profiles)
        guest.note(f"unattended: {system.short_id} is installed with the profile {profile}")
    if profile not in profiles:
        raise OptionError(
            f"unattended: {system.short_id} has no profile {_secrecy.shown(profile)}; it has "
            f"{', '.join(sorted(profiles))}"
        )
    return profiles[profile]


def _answers(guest: Guest, install: Install, given: t.Mapping[str, str]) -> dict[str, str]:
    """The answers by the names of the database.

    :raises OptionError: a password can't be read, or the user is root.
    """
    person = guest.host.person()
    login = real_name = given.get("user_login")
    if not login:
        login, real_name = person.login, person.name
    answers = {
        "user-password": _password(guest, given, "user_password"),
        "admin-password": _password(guest, given, "admin_password"),
        "target-disk": _target_disk(guest),
        "hardware-arch": guest.arch or "",
        "hostname": _NOT_IN_HOSTNAME.sub("-", guest.name or ""),
    }
    if login:
        if login.lower() == "root":
            raise OptionError(
                "unattended: user_login: root can't be the user that the installer adds; give "
                "another name"
            )
        answers.update({"user-login": login.lower(), "user-realname": real_name or ""})
    if person.timezone is not None:
        answers["l10n-timezone"] = person.timezone
    if person.language is not None:
        answers.update({"l10n-language": person.language, "l10n-keyboard": person.language})
    if install.location is not None and is_url(install.location):
        answers["installation-url"] = install.location
    for key, name in (("reg_login", "reg-login"), ("product_key", "reg-product-key")):
        if given.get(key):
            answers[name] = given[key]
    return answers


def _target_disk(guest: Guest) -> str:
    if is_windows(guest):
        return "C"
    return "/dev/vda" if guest.links(*VIRTIO_BLOCK) else "/dev/sda"


def _password(guest: Guest, given: t.Mapping[str, str], key: str) -> str:
    path = given.get(f"{key}_file")
    if path is None:
        return given.get(key) or ""
    if given.get(key):
        raise OptionError(f"unattended: {key} and {key}_file contradict each other; give one")
    try:
        text = guest.host.read_file(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text"
        raise OptionError(
            f"unattended: {key}_file: can't read {path}: {reason}; give the path of a readable file "
            "of the managed host"
        ) from None
    password = text.partition("\n")[0].rstrip("\r")
    _secrecy.keep([password])
    return password


def _check_complete(guest: Guest, script: InstallScript, answers: t.Mapping[str, str]) -> None:
    """Check that the script has what it can't do without.

    :raises OptionError: a password is missing.
    """
    missing = [name for name in script.required() if not answers.get(name) and name in _GIVEN_BY]
    for name in missing:
        if name in _INDISPENSABLE:
            raise OptionError(
                f"unattended: the installation of {guest.os.short_id} needs {_GIVEN_BY[name]}; give it, "
                f"or {_GIVEN_BY[name]}_file"
            )
    for option in dict.fromkeys(_GIVEN_BY[name] for name in missing):
        guest.note(
            f"unattended: the installer of {guest.os.short_id} may ask for what {option} would give"
        )


def prepared(
    guest: Guest, install: Install, value: object, is_new: bool, named: str | None = None
) -> tuple[Install, tuple[NewVolume, ...], tuple[Script, ...]]:
    """The installation with its scripts, the volumes that it needs, and the scripts.

    Of a domain that exists, nothing but its drives is wanted any more.

    :raises OptionError: as :func:`unattended`.
    """
    disc = _disc(guest) if _method(install) == CDROM else None
    if not is_new:
        return install._replace(disc=disc.path if disc is not None else None), (), ()
    plan = unattended(guest, install, value, named)
    if disc is not None:
        install = install._replace(disc=disc.path)
        return install, (_filled(guest, disc, plan),), plan.scripts
    files = tuple((script.name, script.text.encode()) for script in plan.scripts)
    arguments = install.arguments
    if plan.arguments and not install.overwrites:
        arguments = f"{arguments} {plan.arguments}" if arguments else plan.arguments
    return install._replace(scripts=files, arguments=arguments), (), plan.scripts


def _method(install: Install) -> str:
    """Where the installer finds its scripts."""
    return INITRD if install.location is not None or install.kernel is not None else CDROM


def _disc(guest: Guest) -> NewVolume:
    """The volume of the CD-ROM with the scripts; its name begins with the domain's."""
    name = guest.name or ""
    volume = guest.host.volume_of(name, unattended_name(name))
    return volume._replace(
        exists=False, is_for_install=True, is_temporary=True, option="unattended"
    )


def _filled(guest: Guest, disc: NewVolume, plan: Unattended) -> NewVolume:
    """The volume with the scripts, and with the drivers that are to be downloaded."""
    files = {script.name: script.text for script in plan.scripts}
    mark = mark_of({**files, "drivers": "\n".join(plan.drivers)})

    def fetch() -> bytes:
        drivers = {url.rpartition("/")[2]: _driver(guest, url) for url in plan.drivers}
        return seed_image({**files, **drivers}, mark, _LABEL, "unattended")

    return disc._replace(mark=mark, fetch=fetch)


def _driver(guest: Guest, url: str) -> bytes:
    """A file for Windows' installer.

    :raises ImageError: it can't be downloaded.
    """
    try:
        return guest.host.open_url("", Access()).read(url)
    except ImageError as error:
        raise ImageError(f"a driver for the installer: {error}") from None
