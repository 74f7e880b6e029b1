# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words for the values that libvirt's grammar describes by patterns."""

from __future__ import annotations

#: By the name of the definition in libvirt's ``*.rng`` files.
_DEFINITIONS = {
    "UUID": "a UUID",
    "addrIP": "an IPv4 address",
    "addrIPv6": "an IPv6 address",
    "addrMAC": "a MAC address, as 52:54:00:12:34:56",
    "absDirPath": "an absolute path",
    "absFilePath": "an absolute path",
    "aliasName": "an alias of letters, digits, and _ - .",
    "cpuset": "a list of CPUs, as 0-3,^2,5",
    "deviceName": "a device's name",
    "dirPath": "a path",
    "diskTargetDev": "a target as vda, sda or hdc",
    "dnsName": "a DNS name",
    "featureName": "a CPU feature's name",
    "filePath": "a path",
    "genericName": "a name of letters, digits, and _ + -",
    "hexuint": "a hexadecimal number, as 0x1f",
    "ipv4Addr": "an IPv4 address",
    "ipv4Prefix": "an IPv4 prefix length, 0 to 32",
    "ipv6Addr": "an IPv6 address",
    "ipv6Prefix": "an IPv6 prefix length, 0 to 128",
    "ipset-flags-type": "src and dst, up to six with commas",
    "macAddr": "a MAC address, as 52:54:00:12:34:56",
    "multiMacAddr": "a multicast MAC address, as 53:54:00:12:34:56",
    "objectName": "a text on one line, without /",
    "objectNameWithSlash": "a text on one line",
    "octalMode": "permissions in octal, as 0644",
    "pciFunc": "a PCI function, 0x0 to 0x7",
    "pciSlot": "a PCI slot, 0x00 to 0x1f",
    "PortNumber": "a port, -1 to 65535",
    "stateflags-type": "NONE, or states with commas, as ESTABLISHED,RELATED",
    "tcpflags-type": "two lists of flags, as SYN,ACK/SYN",
    "timeDelta": "a number of seconds",
    "timeZone": "a time zone, as Europe/Berlin",
    "uint16": "a number, 0x0000 to 0xffff",
    "uint24": "a number, 0x000000 to 0xffffff",
    "uint32": "a number, 0x00000000 to 0xffffffff",
    "uint8": "a number, 0x00 to 0xff",
    "uniMacAddr": "a unicast MAC address, as 52:54:00:12:34:56",
    "unit": "a unit, as KiB or GiB",
    "usbId": "a USB identifier, as 0x1d6b",
    "usbPort": "a USB port, as 1.2",
    "variable-name-type": "a parameter of the filter, as $IP",
    "volName": "a volume's name, without /",
    "wwn": "a WWN of 16 hexadecimal digits",
}

#: By the pattern, where a definition allows several.
_PATTERNS = {
    "0x[0-9a-fA-F]{1,2}": "a hexadecimal number, 0x0 to 0xff",
    "0x([0-9a-fA-F]{1,3})": "a hexadecimal number, 0x0 to 0xfff",
    "0x[0-9a-fA-F]{1,4}": "a hexadecimal number, 0x0 to 0xffff",
    "0x[0-9a-fA-F]{1,8}": "a hexadecimal number, 0x0 to 0xffffffff",
}

#: By the name of the XML Schema datatype.
_TYPES = {
    "unsignedByte": "a whole number",
    "unsignedShort": "a whole number",
    "unsignedInt": "a whole number",
    "unsignedLong": "a whole number",
    "positiveInteger": "a whole number, 1 or more",
    "nonNegativeInteger": "a whole number",
    "short": "a whole number",
    "int": "a whole number",
    "long": "a whole number",
    "integer": "a whole number",
    "double": "a number",
    "dateTime": "a date and time, as 2026-01-31T12:00:00",
    "anyURI": "a URI",
    "NCName": "a name",
    "string": "a text",
}


def words_for(definition: str, datatype: tuple[str, dict[str, str]]) -> str:
    """Describe the expected value.

    ``definition`` is the name of the grammar's definition, ``datatype`` the
    name of the XML Schema datatype and its parameters.
    """
    known = _DEFINITIONS.get(definition)
    if known is not None:
        return known
    name, parameters = datatype
    if parameters.get("pattern") in _PATTERNS:
        return _PATTERNS[parameters["pattern"]]
    words = _TYPES.get(name, f"a value of the type {name}")
    low, high = parameters.get("minInclusive"), parameters.get("maxInclusive")
    if low is not None and high is not None:
        words += f" from {low} to {high}"
    elif low is not None:
        words += f", {low} or more"
    elif high is not None:
        words += f", {high} or less"
    if name == "string" and "pattern" in parameters:
        words += f" of the form {parameters['pattern']}"
    if parameters.get("maxLength"):
        words += f" of at most {parameters['maxLength']} characters"
    return words
