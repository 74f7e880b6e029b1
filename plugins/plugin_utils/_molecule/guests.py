# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The domains of a scenario's hosts, with the options of the module ``domain``."""

from __future__ import annotations

import collections
import hashlib
import posixpath
import re
import typing as t

from ...module_utils._errors import ExpectedError
from ...module_utils._manage.defaults import merged
from .names import Scenario, domain_name, hostname

#: What a platform has that is no option of a domain.
_OF_MOLECULE = ("name", "groups", "children", "libvirt")
#: What a host has besides the options of its domain.
_IMAGE, _SIZE, _HOSTNAME = "image", "image_size", "hostname"
#: What a guest without an image can boot from.
_BOOTABLE = (
    *("disk", "disks", "cdrom", "livecd", "location", "pxe", "install", "boot", "filesystem"),
    *("xml", "virt_install"),
)
#: What installs a guest, which then has no use for importing.
_INSTALLING = ("import", "cdrom", "livecd", "location", "pxe", "install", "xml", "virt_install")
#: What the role decides about.
_OF_ROLE = ("name", "uuid", "state", "wait", "remove_volumes", "keep")
#: Every guest has them unless it, or the defaults, say otherwise.
_DEFAULTS: dict[str, t.Any] = {"graphics": "none", "start_networks": True}
#: A test's guest has nothing to lose.
_SWITCHED_OFF = {"method": [], "timeout": 0, "force": True}
#: The sub-options of an image that is downloaded or uploaded.
_OF_IMAGES = frozenset(["url", "src"])
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+]*://")
_ENDINGS = {"raw": "img"}
AGENT = "agent"
CLOUD_INIT, NONE = "cloud_init", "none"


class Host(t.NamedTuple):
    """A host of the scenario, and what is given for its domain."""

    name: str
    given: object


class Settings(t.NamedTuple):
    """What all guests of a scenario have in common; the fields are variables of the role."""

    scenario: Scenario
    defaults: t.Mapping[str, t.Any]
    pool: str
    user: str
    public_key: str
    login: str
    connection: str
    timeout: float


class _Mistake(ExpectedError):
    """What is given for a guest can't be."""


def hosts_of_platforms(platforms: t.Iterable[t.Mapping[str, t.Any]]) -> list[Host]:
    """The hosts of the platforms in molecule.yml."""
    found = []
    for platform in platforms:
        at_top = {key: value for key, value in platform.items() if key not in _OF_MOLECULE}
        given = {**at_top, **(platform.get("libvirt") or {})}
        found.append(Host(str(platform.get("name") or ""), given))
    return found


def guests(hosts: t.Sequence[Host], settings: Settings) -> list[dict[str, t.Any]]:
    """The guest of each host.

    ``domain`` is the name of its domain, ``options`` are those of the module, ``volumes`` are what may
    be left of it, and ``problem`` is what is wrong with it, or an empty text.
    """
    times = collections.Counter(host.name for host in hosts)
    return [_guest(host, settings, times[host.name]) for host in hosts]


def _guest(host: Host, settings: Settings, times: int) -> dict[str, t.Any]:
    name = host.name
    domain = domain_name(settings.scenario, name)
    given: dict[str, t.Any] = {}
    options: dict[str, t.Any] = {}
    problem = ""
    try:
        if not name:
            raise _Mistake("a platform has no name; give each one")
        if times > 1:
            raise _Mistake(f"there are {times} guests of this name; give each a name of its own")
        given = _given(host.given, settings.defaults)
        options = _options(name, domain, given, settings)
    except _Mistake as error:
        problem = f"{name}: {error}" if name else str(error)
    return {
        "host": name,
        "domain": domain,
        "options": options,
        "volumes": _volumes(domain, given, settings.pool),
        "problem": problem,
    }


def _given(own: object, defaults: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    if own is None:
        own = {}
    if not isinstance(own, t.Mapping):
        raise _Mistake(f"libvirt_domain is {own!r}; give a dictionary of options of the domain")
    # An image in a pool and one by its path have nothing in common.
    image = {_IMAGE: own[_IMAGE]} if _IMAGE in own else {}
    return {**merged({**_DEFAULTS, **defaults}, own), **image}


def _options(
    name: str, domain: str, given: t.Mapping[str, t.Any], settings: Settings
) -> dict[str, t.Any]:
    for key in _OF_ROLE:
        if given.get(key) is not None:
            raise _Mistake(f"{key}: the role molecule decides about it; leave it out")
    own = (_IMAGE, _SIZE, _HOSTNAME)
    options = {key: value for key, value in given.items() if key not in own and value is not None}
    image = _image(given, settings.pool)
    if image is not None:
        options["disks"] = [image, *_listed(options.pop("disk", options.pop("disks", None)))]
    if not any(options.get(key) for key in _INSTALLING):
        options["import"] = True
    options["description"] = options.get("description") or (
        f"Molecule: {name} of the scenario {settings.scenario.name} in {settings.scenario.directory}"
    )
    options["ansible"] = _as_host(name, options.get("ansible"), settings)
    if settings.login == CLOUD_INIT:
        options["cloud_init"] = _cloud_init(name, given, options.get("cloud_init"), settings)
    reached = "agent" if AGENT in (settings.connection, settings.login) else "ip"
    wait = {"for": reached, "timeout": settings.timeout}
    return {"name": domain, **options, "state": "running", "wait": wait}


def _image(given: t.Mapping[str, t.Any], in_pool: str) -> dict[str, t.Any] | None:
    """The disk that is based on the image; ``None`` for a guest that boots from something else."""
    image = given.get(_IMAGE)
    if not image:
        if not any(given.get(key) for key in _BOOTABLE):
            raise _Mistake(
                "it has no image to boot from; give image, which is a path on the hypervisor or has "
                "pool and volume, or url and checksum, or else disks, cdrom, location or boot"
            )
        return None
    size = given.get(_SIZE)
    disk = {"pool": in_pool, **_content(image)}
    return disk if size is None else {**disk, "size": size}


def _content(image: object) -> dict[str, t.Any]:
    """What the disk is based on, as sub-options of it."""
    if not isinstance(image, t.Mapping):
        if _URL.match(str(image)):
            raise _Mistake(
                f"image: {image} is a URL, which needs a checksum; give a dictionary with url and checksum"
            )
        if not str(image).startswith("/"):
            raise _Mistake(
                f"image: {image} is no path on the hypervisor; begin with a slash, or give pool and "
                "volume, or url and checksum"
            )
        return {"backing_store": str(image)}
    if not _OF_IMAGES.isdisjoint(image):
        # The module says what is wrong with it.
        return {"image": dict(image)}
    pool, volume = image.get("pool"), image.get("volume")
    if set(image) != {"pool", "volume"} or not (pool and volume):
        raise _Mistake(
            f"image has {', '.join(sorted(map(str, image)))}; give pool and volume, or url and checksum, "
            "or a path on the hypervisor"
        )
    return {"backing_store": f"{pool}/{volume}"}


def _listed(disks: object) -> list[t.Any]:
    if disks is None or disks == "none":
        return []
    return list(disks) if isinstance(disks, (list, tuple)) else [disks]


def _as_host(name: str, given: object, settings: Settings) -> dict[str, t.Any]:
    """What the domain says of the guest as a host of Ansible, by which it is found again."""
    own = given if isinstance(given, t.Mapping) else {}
    return {
        "tags": ["molecule", settings.scenario.tag, *(own.get("tags") or ())],
        "vars": {
            **(own.get("vars") or {}),
            "molecule_host": name,
            "molecule_scenario": settings.scenario.name,
            "molecule_project": settings.scenario.directory,
            "molecule_login": login_of(settings),
        },
    }


def login_of(settings: Settings) -> str:
    """What is another one when the guest lets somebody else in."""
    if settings.login == NONE:
        return ""
    text = f"{settings.user} {settings.public_key.strip()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _cloud_init(
    name: str, given: t.Mapping[str, t.Any], own: object, settings: Settings
) -> dict[str, t.Any]:
    """The guest's own data for cloud-init, with its name, the user and the key."""
    own = {} if own is None else own
    if not isinstance(own, t.Mapping) or not isinstance(own.get("user_data", {}), t.Mapping):
        raise _Mistake(
            "cloud_init: the user and the key can't be added to a text; give user_data as a "
            "dictionary, or set molecule_libvirt_login to none"
        )
    data = own.get("user_data") or {}
    user = {
        "name": settings.user,
        "sudo": "ALL=(ALL) NOPASSWD:ALL",
        "lock_passwd": True,
        "ssh_authorized_keys": [settings.public_key.strip()],
    }
    root = {"disable_root": False} if settings.user == "root" else {}
    users = [*(data.get("users") or ["default"]), user]
    called = {"hostname": _hostname(name, given)}
    return {**own, "user_data": {**called, **root, **data, "users": users}}


def _hostname(name: str, given: t.Mapping[str, t.Any]) -> str:
    own = given.get(_HOSTNAME)
    return own if isinstance(own, str) and own else hostname(name)


def _volumes(domain: str, given: t.Mapping[str, t.Any], pool: str) -> list[str]:
    """The volumes that the domain's disks may have got, as POOL/VOLUME."""
    disks = _listed(given.get("disk", given.get("disks")))
    kinds = {(pool, "qcow2")}
    for disk in disks:
        if isinstance(disk, t.Mapping):
            form = str(disk.get("format") or "qcow2")
            kinds.add((str(disk.get("pool") or "default"), _ENDINGS.get(form, form)))
    numbers = ["", *(f"-{number}" for number in range(1, len(disks) + 1))]
    return sorted(
        f"{where}/{domain}{number}.{ending}" for where, ending in kinds for number in numbers
    )


def going(
    made: t.Iterable[t.Mapping[str, t.Any]],
    found: t.Iterable[t.Mapping[str, t.Any]],
    tags: t.Collection[str],
) -> list[dict[str, t.Any]]:
    """What removes the guests that ``made`` are to be, and those with one of the ``tags`` that are ``found``.

    Volumes go that were made for them, and no image of someone else that is their disk.
    """
    volumes = {guest["domain"]: list(guest["volumes"]) for guest in made}
    names = set(volumes)
    for name, left in volumes.items():
        # The second disk of a guest "web" is called as the first one of a guest "web-1" is.
        left[:] = [each for each in left if not _is_of(each, names - {name})]
    for domain in found:
        if not set(tags).isdisjoint(domain["tags"]):
            own = [disk["target"] for disk in domain["disks"] if _is_made(disk, domain["name"])]
            left = volumes.setdefault(domain["name"], [])
            volumes[domain["name"]] = [*own, *left]
    return [
        {
            "name": name,
            "state": "absent",
            "remove_volumes": [*left, "cloud_init"],
            "shutdown": _SWITCHED_OFF,
        }
        for name, left in sorted(volumes.items())
    ]


def _is_made(disk: t.Mapping[str, t.Any], domain: str) -> bool:
    """Whether a disk's volume was made for the domain, by its name."""
    image = posixpath.basename(str(disk.get("source") or ""))
    is_disk = disk.get("device", "disk") == "disk"
    return is_disk and re.fullmatch(rf"{re.escape(domain)}(-\d+)?\.[^/]+", image) is not None


def _is_of(volume: str, domains: t.Iterable[str]) -> bool:
    return posixpath.splitext(volume.rpartition("/")[2])[0] in domains
