# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virt-install works out again in each run, remembered from run to run.

It is written to run once. In one process it would read the same capabilities, take
apart the same paths and look up the same operating systems thousands of times, which
is most of what it does. None of that depends on the options; what does is left as it is.
"""

from __future__ import annotations

import functools
import gc
import logging
import pathlib
import typing as t

#: How many names are tried before one is free.
_NAMES = 20


def remember() -> None:
    """Let the virt-install of this process remember; more than once does no harm."""
    from virtinst import capabilities, domcapabilities, generatename, osdict, xmlapi, xmlbuilder
    from virtinst.install import installerinject

    if hasattr(xmlapi._XPath, "cache_info"):
        return
    # It says all that it does, to nobody.
    logging.disable(logging.CRITICAL)
    # Its objects refer to each other, so there is much to look through; what is there
    # already stays anyway.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    # It makes a list of 100000 numbers for a name that is nearly always free.
    generatename.range = lambda start, _end: range(start, start + _NAMES)

    xpath = functools.lru_cache(maxsize=None)(xmlapi._XPath)
    xpath.join = xmlapi._XPath.join  # type: ignore[attr-defined]
    xmlapi._XPath = xpath
    _cached(capabilities.Capabilities, "guest_lookup")
    _cached(type(osdict.OSDB), "lookup_os")
    _cached(xmlbuilder._XMLPropertyCache, "_get_prop_cache")
    _cached(osdict._OsVariant, "_get_all_devices")
    domain_capabilities = domcapabilities.DomainCapabilities
    read: t.Any = functools.lru_cache(maxsize=None)(domain_capabilities.build_from_params)
    domain_capabilities.build_from_params = staticmethod(read)
    installerinject._run_iso_commands = _Images(installerinject._run_iso_commands).build


def _cached(owner: t.Any, name: str) -> None:
    setattr(owner, name, functools.lru_cache(maxsize=None)(getattr(owner, name)))


class _Images:
    """Images of the same files, which a program is run for."""

    def __init__(self, build: t.Callable[..., None]) -> None:
        self._build = build
        self._known: dict[t.Any, bytes] = {}

    def build(self, image: str, folder: str, cloudinit: bool = False) -> None:
        """What virt-install does: the image of a folder."""
        files = sorted(pathlib.Path(folder).iterdir())
        key = (cloudinit, *((file.name, file.read_bytes()) for file in files))
        if key not in self._known:
            self._build(image, folder, cloudinit=cloudinit)
            self._known[key] = pathlib.Path(image).read_bytes()
        pathlib.Path(image).write_bytes(self._known[key])
