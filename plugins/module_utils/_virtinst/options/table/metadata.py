# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of the domain, and its behaviour when it ends."""

from __future__ import annotations

from ..rows import Group, Lists, commas, presence, text
from ..setters import metadata
from .common import element

METADATA = Group(
    "metadata",
    ".",
    "name, title and the like",
    (
        commas("name", "name", "name of the domain", lists=Lists.NONE),
        commas("title", "title", "short description, in one line", lists=Lists.NONE),
        text("uuid", "uuid", "UUID of the domain"),
        text("genid", "genid", "UUID by which the guest notices that it was cloned or restored"),
        presence("genid_enable", "genid", "let libvirt choose the UUID of genid"),
        commas("description", "description", "description, of any length", lists=Lists.NONE),
        text(
            "os_name",
            "/metadata/libosinfo:libosinfo/libosinfo:os/@id",
            "operating system, by its short id",
            set=metadata.set_os_name,
        ),
        text(
            "os_full_id",
            "/metadata/libosinfo:libosinfo/libosinfo:os/@id",
            "operating system, by its full id",
            set=metadata.set_os_name,
        ),
    ),
    flags=("--metadata",),
)

EVENTS = Group(
    "events",
    ".",
    "what happens when the guest stops, restarts or crashes",
    (
        text("on_poweroff", "on_poweroff", "destroy, restart, preserve or rename-restart"),
        text("on_reboot", "on_reboot", "the same, when it restarts"),
        text(
            "on_crash",
            "on_crash",
            "the same, when it crashes; also coredump-destroy and coredump-restart",
        ),
        text(
            "on_lockfailure",
            "on_lockfailure",
            "when locks are lost: poweroff, restart, pause or ignore",
        ),
    ),
    flags=("--events",),
)

RESOURCE = Group(
    "resource",
    "resource",
    "resource partition",
    element(
        text("partition", "partition", "control group that the domain runs in"),
        commas(
            "fibrechannel.appid",
            "fibrechannel/@appid",
            "id that Fibre Channel traffic is tagged with",
            lists=Lists.NONE,
        ),
    ),
    flags=("--resource",),
    first=("partition",),
)
