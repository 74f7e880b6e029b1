# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data that the option ``cloud_init`` gives to cloud-init.

https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
"""

from __future__ import annotations

import json
import re
import typing as t

from .._choices import ALWAYS
from .._secrecy import keep, shown
from .errors import OptionError
from .guest import Guest
from .hints import hint
from .options.strings import split
from .seed_image import digest_of, mark_of, seed_image, seed_name
from .storage import NewVolume

#: The files of these sub-options.
_DOCUMENTS = {
    "user_data": "user-data",
    "meta_data": "meta-data",
    "network_config": "network-config",
}
#: When the data are in the guest's drive: at its first boot only, always, or from the next
#: start on if they have changed.
ONCE, NEXT_BOOT = "once", "next_boot"
_POLICIES = (ONCE, ALWAYS, NEXT_BOOT)
_KEYS = (
    *_DOCUMENTS,
    "seed",
    "root_password",
    "root_password_file",
    "root_password_generate",
    "ssh_keys",
    "root_ssh_key",
    "clouduser_ssh_key",
    "disable",
)
_ALIASES = {"ssh_key": "root_ssh_key"}
#: The names elsewhere, and the keys of user data.
_SYNONYMS = {
    "password": "root_password",
    "rootpw": "root_password",
    "sshkey": "ssh_keys",
    "sshauthorizedkeys": "ssh_keys",
    "userdatafile": "user_data",
    "cloudconfig": "user_data",
    "hostname": "user_data",
    "users": "user_data",
    "packages": "user_data",
    "runcmd": "user_data",
    "network": "network_config",
}
_ON = ("on", "yes", "true", "1")
_HEADER = "#cloud-config\n"
#: https://cloudinit.readthedocs.io/en/latest/reference/modules.html#users-and-groups
_KEYS_OF_USER = "ssh_authorized_keys"
_ID = "instance-id"
_INSTANCE_ID = re.compile(r"""^['"]?instance-id['"]?\s*:""", re.MULTILINE)
#: The beginnings of user data:
#: https://cloudinit.readthedocs.io/en/latest/explanation/format.html
_KNOWN = ("#", "Content-Type:", "MIME-Version:", "Mime-Version:")


def policy_of(value: object) -> str:
    """When the data are in the guest's drive: one of ``_POLICIES``.

    :raises OptionError: the option can't be understood.
    """
    return str(_settings(value).get("seed", ONCE))


def seed_volume(guest: Guest, value: object) -> NewVolume:
    """The volume with the data; its name begins with the domain's.

    ``value`` is a dictionary, or virt-install's string, whose values are paths.

    :raises OptionError: the value can't be understood, or a file can't be read.
    """
    if _makes_password(guest, value):
        return _with_password(guest, value)
    files = seed_files(guest, value)
    mark = mark_of(files)
    if policy_of(value) == NEXT_BOOT:
        # A new instance id makes cloud-init do everything again.
        identifier = f"{guest.name}-{digest_of(mark)}"
        files["meta-data"] = with_instance_id(files["meta-data"], identifier)
    return _volume(guest).with_content(seed_image(files, mark), mark)


def _volume(guest: Guest) -> NewVolume:
    return guest.host.volume_of(guest.name or "", seed_name(guest.name or ""))


def _makes_password(guest: Guest, value: object) -> bool:
    """Whether a password is still to be made up."""
    settings = _settings(value)
    if "user_data" in settings or not _is_on(settings.get("root_password_generate")):
        return False
    path = settings.get("root_password_file")
    return path is not None and _password_in(guest, str(path), False) is None


def _with_password(guest: Guest, value: object) -> NewVolume:
    """The volume for a password that is made up, and written to its file, when it is created."""
    path = str(_settings(value)["root_password_file"])

    def fetch() -> bytes:
        _password_in(guest, path, True)
        return seed_volume(guest, value).content or b""

    return _volume(guest)._replace(fetch=fetch, files=(path,), option="cloud_init")


def _password_in(guest: Guest, path: str, makes: bool) -> str | None:
    try:
        password = guest.host.password_in(path, makes)
    except OSError as error:
        raise OptionError(
            f"cloud_init: root_password_file: {path} can't be {'made' if makes else 'used'}: "
            f"{error.strerror}; give the path of a file that can be, in a folder of the managed host"
        ) from None
    keep([password] if password else [])
    return password


def seed_files(guest: Guest, value: object) -> dict[str, str]:
    """The files that cloud-init reads, by their names."""
    settings = _settings(value)
    files = {"meta-data": "", "user-data": _user_data(guest, settings)}
    for key in ("meta_data", "network_config"):
        if settings.get(key) is not None:
            files[_DOCUMENTS[key]] = _document(guest, key, settings[key])
    return files


def _settings(value: object) -> dict[str, t.Any]:
    if not value or isinstance(value, bool):
        raise OptionError(
            "cloud_init has nothing to do, and makes up no password, which nobody would learn; "
            "give root_password, ssh_keys, user_data, or root_password_generate with "
            "root_password_file"
        )
    if isinstance(value, str):
        pairs: t.Iterable[tuple[str, t.Any]] = [
            (key, "on" if text is None else text) for key, text in split("cloud_init", value)
        ]
    elif isinstance(value, t.Mapping):
        pairs = value.items()
    else:
        raise OptionError(f"cloud_init takes a dictionary or a string, not {shown(repr(value))}")
    settings: dict[str, t.Any] = {}
    for key, setting in pairs:
        name = str(key).replace("-", "_")
        name = _ALIASES.get(name, name)
        if name not in _KEYS:
            suggestion = hint(str(key), _KEYS, _SYNONYMS) or f"there are {', '.join(_KEYS)}"
            raise OptionError(f"cloud_init: there is no sub-option '{shown(key)}'; {suggestion}")
        if setting is not None:
            settings[name] = setting
    if set(settings) == {"seed"}:
        raise OptionError("cloud_init: seed has no data to hand over; give user_data with it")
    if settings.get("seed", ONCE) not in _POLICIES:
        raise OptionError(f"cloud_init: seed is one of {', '.join(_POLICIES)}")
    return settings


def with_instance_id(meta_data: str, identifier: str) -> str:
    """The meta data with this instance id, unless they have an id already."""
    try:
        data = json.loads(meta_data or "{}")
    except ValueError:
        if _INSTANCE_ID.search(meta_data):
            return meta_data
        start, text = ("---\n", meta_data[4:]) if meta_data.startswith("---\n") else ("", meta_data)
        return f"{start}instance-id: {identifier}\n{text}"
    if not isinstance(data, dict) or _ID in data:
        return meta_data
    return _yaml({**data, _ID: identifier})


def _user_data(guest: Guest, settings: dict[str, t.Any]) -> str:
    made = sorted(set(settings) - {*_DOCUMENTS, "seed"})
    if "user_data" in settings:
        if made:
            raise OptionError(
                f"cloud_init: user_data and {made[0]} contradict each other; put it into user_data"
            )
        text = _document(guest, "user_data", settings["user_data"])
        if text.strip() and not text.startswith(_KNOWN):
            guest.note(
                "cloud-init ignores user_data without a first line that names its format, such as "
                "#cloud-config"
            )
        return text
    is_made_up = _is_on(settings.get("root_password_generate"))
    if is_made_up and "root_password_file" not in settings:
        raise OptionError(
            "cloud_init: a password that is made up has to be kept; give root_password_file, the path of "
            "a file of the managed host, which is made if it isn't there; or give root_password or "
            "ssh_keys"
        )
    data: dict[str, t.Any] = {}
    password = settings.get("root_password")
    if "root_password_file" in settings:
        password = _first_line(guest, settings, "root_password_file")
    if password is not None:
        # A password that was made up is changed at the first login, as with virt-install.
        data["chpasswd"] = {"list": f"root:{password}\n", "expire": is_made_up}
    keys = _root_keys(guest, settings)
    if keys:
        # Without it there would be none of the distribution's own users.
        data["users"] = ["default", {"name": "root", _KEYS_OF_USER: keys}]
    if "clouduser_ssh_key" in settings:
        # Those of the distribution's default user.
        data[_KEYS_OF_USER] = [_first_line(guest, settings, "clouduser_ssh_key")]
    if _is_on(settings.get("disable")):
        data["runcmd"] = ["echo 'Disabled after the first boot' > /etc/cloud/cloud-init.disabled"]
    return _HEADER + _yaml(data) if data else _HEADER


def _root_keys(guest: Guest, settings: dict[str, t.Any]) -> list[str]:
    keys = settings.get("ssh_keys") or []
    keys = [keys] if isinstance(keys, str) else keys
    if not isinstance(keys, (list, tuple)) or not all(isinstance(key, str) for key in keys):
        raise OptionError("cloud_init: ssh_keys takes a public key or a list of them, as text")
    keys = list(keys)
    if "root_ssh_key" in settings:
        keys.append(_first_line(guest, settings, "root_ssh_key"))
    return keys


def _document(guest: Guest, key: str, value: object) -> str:
    """A document as text; it is given as text, as YAML, or by the path of a file."""
    if isinstance(value, str):
        return _read(guest, key, value) if value.startswith("/") and "\n" not in value else value
    return (_HEADER if key == "user_data" else "") + _yaml(value)


def _yaml(value: object) -> str:
    # JSON is YAML, and has one way to write each value.
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _first_line(guest: Guest, settings: dict[str, t.Any], key: str) -> str:
    return _read(guest, key, str(settings[key])).partition("\n")[0].rstrip("\r")


def _read(guest: Guest, what: str, path: str) -> str:
    try:
        return guest.host.read_file(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a text"
        hint = "; a public key itself is given by ssh_keys" if what.endswith("ssh_key") else ""
        raise OptionError(
            f"cloud_init: {what}: can't read {path}: {reason}; give the path of a readable file of "
            f"the managed host{hint}"
        ) from None


def _is_on(value: object) -> bool:
    return value is True or str(value).lower() in _ON
