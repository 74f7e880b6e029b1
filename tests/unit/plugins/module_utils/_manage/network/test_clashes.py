# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt would define and never change again."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.network.clashes import (
    clashes,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse

_IP = "<ip address='192.0.2.1' {}><dhcp>{}</dhcp></ip>"
_SIX = "<ip family='ipv6' address='2001:db8::1' prefix='64'><dhcp>{}</dhcp></ip>"
_BITS = "prefix='24'"


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        (_IP.format(_BITS, "<host mac='0:0:0:0:0:1' ip='192.0.3.2'/>"), "outside of the subnet"),
        (_IP.format("netmask='255.255.255.128'", "<host name='a' ip='192.0.2.200'/>"), "outside"),
        # The old class of the address.
        (_IP.format("", "<host name='a' ip='192.0.3.2'/>"), "outside of the subnet 192.0.2.0/24"),
        (_SIX.format("<host id='1' ip='2001:db8:1::2'/>"), "outside of the subnet 2001:db8::/64"),
        (_SIX.format("<host id='1' ip='2001:db8::2'/><host id='1' ip='2001:db8::3'/>"), "the id 1"),
        (
            _SIX.format("<host name='a' ip='2001:db8::2'/><host name='b' ip='2001:DB8::02'/>"),
            "the ip 2001:DB8::02",
        ),
        (
            _IP.format(
                _BITS,
                "<range start='192.0.2.9' end='192.0.2.19'/><range start='192.0.2.2' end='192.0.2.9'/>",
            ),
            "192.0.2.2-192.0.2.9 and 192.0.2.9-192.0.2.19 overlap",
        ),
        ("<ip address='192.0.2.1'/><ip address='192.0.2.1' prefix='24'/>", "stands there twice"),
        (
            _IP.format(_BITS, "<range start='192.0.2.2' end='192.0.2.9'/>")
            + "<ip address='192.0.3.1' prefix='24'><dhcp><host name='a' ip='192.0.3.2'/></dhcp></ip>",
            "both 192.0.2.1 and 192.0.3.1 have DHCP, and libvirt has it for one IPv4 address",
        ),
        ("<ip address='192.0.2.1' prefix='33'/>", "33 is more than"),
        (
            "<ip address='192.0.2.1/24'/>",
            "give the address 192.0.2.1 and the prefix 24",
        ),
        ("<ip address='2001:db8::1/64'/>", "give the address 2001:db8::1 and the prefix 64"),
        ("<forward mode='route'/>", "forward.mode=route needs an address"),
        ("<forward mode='bridge'/><ip address='192.0.2.1'/>", "ips: libvirt gives none"),
        (_IP.format(_BITS, "<range start='192.0.2.9' end='192.0.2.2'/>"), "begins after its end"),
        (_IP.format(_BITS, "<range start='192.0.2.9' end='192.0.3.2'/>"), "not within the subnet"),
        ("<dns><txt name='a' value='1'/><txt name='A' value='2'/></dns>", "dns.txt: A"),
    ],
)
def test_what_clashes(inner: str, words: str) -> None:
    (found,) = clashes(parse(f"<network><name>n</name>{inner}</network>"))
    assert words in found
    assert found.partition(":")[0].partition(".")[0] in ("ips", "dns")
    assert ";" in found


@pytest.mark.parametrize(
    "inner",
    [
        _IP.format(
            _BITS, "<host mac='0:0:0:0:0:1' ip='192.0.2.2'/><host name='a' ip='192.0.2.3'/>"
        ),
        _IP.format(
            _BITS,
            "<range start='192.0.2.2' end='192.0.2.9'/><range start='192.0.2.10' end='192.0.2.19'/>",
        ),
        # Of two subnets.
        _IP.format(_BITS, "<host name='a' ip='192.0.2.3'/>")
        + _SIX.format("<host name='a' ip='2001:db8::3'/>"),
        "<ip address='wrong'><dhcp><host ip='192.0.2.2'/><range start='x' end='y'/></dhcp></ip>",
        "<dns><host ip='192.0.2.2'><hostname>a</hostname></host>"
        "<host ip='2001:db8::2'><hostname>a</hostname></host></dns>",
    ],
)
def test_what_does_not(inner: str) -> None:
    assert clashes(parse(f"<network><name>n</name>{inner}</network>")) == []


@pytest.mark.parametrize("name", ["a/b", "a\nb", "a\tb"])
def test_no_name_of_a_file(name: str) -> None:
    (found,) = clashes(parse(f"<network><name>{name}</name></network>"))
    assert found.startswith("name: a network's name has neither")
    assert not clashes(parse("<network><name>a b</name></network>"))
