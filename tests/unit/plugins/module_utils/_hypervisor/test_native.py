# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of QEMU's command line tells two machines apart."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.native import (
    without_chance,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "-spice port=5900,addr=::1,seamless-migration=on",
            "-spice port=5901,addr=::1,seamless-migration=on",
        ),
        ("-spice port=5900,tls-port=5901,x=y -a b", "-spice port=5902,tls-port=5903,x=y -a b"),
        ("-vnc 127.0.0.1:0,audiodev=audio1", "-vnc 127.0.0.1:7,audiodev=audio1"),
        ('-netdev \'{"type":"tap","fd":"36"}\'', '-netdev \'{"type":"tap","fd":"37"}\''),
        ("-netdev tap,fds=3:4,vhostfds=5:6", "-netdev tap,fds=4:5,vhostfds=6:7"),
        ("-add-fd set=0,fd=3", "-add-fd set=0,fd=4"),
        ("-vnc 127.0.0.1:0 -a b", "-vnc 127.0.0.1:7 -a b"),
    ],
)
def test_what_is_free_at_the_moment_is_no_difference(one: str, other: str) -> None:
    assert without_chance(one) == without_chance(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-spice port=5900,addr=::1", "-spice port=5900,addr=::2"),
        ("-vnc 127.0.0.1:0", "-vnc 127.0.0.2:0"),
        ("-device x,port=1", "-device x,port=2"),
    ],
)
def test_all_else_is(one: str, other: str) -> None:
    assert without_chance(one) != without_chance(other)
