# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the values are called that libvirt's grammar describes by patterns."""

from __future__ import annotations

#: By the name of the definition in libvirt's ``*.rng`` files.
_DEFINITIONS = {
    "UUID": "a UUID",
    "absFilePath": "an absolute path",
    "absDirPath": "an absolute path of a directory",
    "filePath": "a path",
    "dirPath": "a path of a directory",
    "uniMacAddr": "a unicast MAC address, as 52:54:00:12:34:56",
    "anyMacAddr": "a MAC address, as 52:54:00:12:34:56",
    "ipv4Addr": "an IPv4 address",
    "ipv6Addr": "an IPv6 address",
    "ipv4Prefix": "the length of an IPv4 prefix, 0 to 32",
    "ipv6Prefix": "the length of an IPv6 prefix, 0 to 128",
    "PortNumber": "a port number, 1 to 65535",
    "dnsName": "a DNS name",
    "genericName": "a name of letters, digits, and _ + -",
    "deviceName": "a device's name",
    "aliasName": "an alias",
    "objectName": "a name without a slash",
    "objectNameWithSlash": "a text on one line",
    "cpuset": "a list of CPUs, as 0-3,5",
    "unit": "a unit, as KiB or GiB",
    "hexuint": "a hexadecimal number, as 0x1f",
    "vendorSerial": "at most 36 characters of letters, digits, and space . _ + -",
    "pciDomain": "a PCI domain, as 0x0000",
    "pciBus": "a PCI bus, as 0x00",
    "pciSlot": "a PCI slot, as 0x1f",
    "pciFunc": "a PCI function, 0x0 to 0x7",
    "macAddr": "a MAC address, as 52:54:00:12:34:56",
    "diskTarget": "a disk's target, as vda, sda or hdc",
    "cpuxpath": "a number",
    "octalMode": "permissions in octal, as 0644",
    "usbId": "a USB identifier, as 0x1d6b",
    "usbPort": "a USB port, as 1.2",
    "archnames": "an architecture",
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
    """How to say what is expected.

    ``definition`` is the name of the grammar's definition, ``datatype`` the
    name of the XML Schema datatype and its parameters.
    """
    known = _DEFINITIONS.get(definition)
    if known is not None:
        return known
    name, parameters = datatype
    words = _TYPES.get(name, f"a value of the type {name}")
    low, high = parameters.get("minInclusive"), parameters.get("maxInclusive")
    if low is not None and high is not None:
        words += f" from {low} to {high}"
    elif low is not None:
        words += f", {low} or more"
    elif high is not None:
        words += f", {high} or less"
    if parameters.get("pattern"):
        words += f" of the form {parameters['pattern']}"
    if parameters.get("minLength") == "1" and "pattern" not in parameters:
        words += " that is not empty"
    if parameters.get("maxLength"):
        words += f" of at most {parameters['maxLength']} characters"
    return words
