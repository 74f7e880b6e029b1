# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""libvirt-python's names for the functions of each kind of objects."""

from __future__ import annotations

import typing as t


class Api(t.NamedTuple):
    """The names of the functions that find, list, read and define one kind of objects.

    * ``noun``: the word for an object in messages.
    * ``facts``: the fields of :class:`.objects.Facts` that modules return.
    * ``by_name``: "" where libvirt can't look objects up by name.
    * ``define``, ``define_flags``: the first takes a document, the second a document and flags.
    * ``missing``: the code of the error when there is no such object.
    * ``inactive``, ``secure``: the flags of XMLDesc for the definition and for its secrets.
    * ``validate``: the flag with which libvirt checks a document that it defines; "" where
      there is none.
    """

    noun: str
    facts: tuple[str, ...]
    by_name: str
    by_uuid: str
    define: str
    define_flags: str
    list_all: str
    missing: str
    inactive: str = ""
    secure: str = ""
    validate: str = ""


DOMAINS = Api(
    "domain",
    ("name", "uuid", "id", "state", "persistent", "autostart"),
    by_name="lookupByName",
    by_uuid="lookupByUUIDString",
    define="defineXML",
    define_flags="defineXMLFlags",
    list_all="listAllDomains",
    missing="VIR_ERR_NO_DOMAIN",
    inactive="VIR_DOMAIN_XML_INACTIVE",
    secure="VIR_DOMAIN_XML_SECURE",
    validate="VIR_DOMAIN_DEFINE_VALIDATE",
)

NWFILTERS = Api(
    "nwfilter",
    ("name", "uuid", "state"),
    by_name="nwfilterLookupByName",
    by_uuid="nwfilterLookupByUUIDString",
    define="nwfilterDefineXML",
    define_flags="nwfilterDefineXMLFlags",
    list_all="listAllNWFilters",
    missing="VIR_ERR_NO_NWFILTER",
    validate="VIR_NWFILTER_DEFINE_VALIDATE",
)

#: They have no names. The flags of defineXML are old, and what they may be is new.
SECRETS = Api(
    "secret",
    ("uuid", "state"),
    by_name="",
    by_uuid="secretLookupByUUIDString",
    define="secretDefineXML",
    define_flags="secretDefineXML",
    list_all="listAllSecrets",
    missing="VIR_ERR_NO_SECRET",
    validate="VIR_SECRET_DEFINE_VALIDATE",
)

NETWORKS = Api(
    "network",
    ("name", "uuid", "state", "persistent", "autostart"),
    by_name="networkLookupByName",
    by_uuid="networkLookupByUUIDString",
    define="networkDefineXML",
    define_flags="networkDefineXMLFlags",
    list_all="listAllNetworks",
    missing="VIR_ERR_NO_NETWORK",
    inactive="VIR_NETWORK_XML_INACTIVE",
    validate="VIR_NETWORK_DEFINE_VALIDATE",
)

POOLS = Api(
    "pool",
    ("name", "uuid", "state", "persistent", "autostart"),
    by_name="storagePoolLookupByName",
    by_uuid="storagePoolLookupByUUIDString",
    define="storagePoolDefineXML",
    define_flags="storagePoolDefineXML",
    list_all="listAllStoragePools",
    missing="VIR_ERR_NO_STORAGE_POOL",
    inactive="VIR_STORAGE_XML_INACTIVE",
    validate="VIR_STORAGE_POOL_DEFINE_VALIDATE",
)

#: Each is of a pool: they are found, listed and made there, and have no UUID.
VOLUMES = Api(
    "volume",
    ("name", "state"),
    by_name="storageVolLookupByName",
    by_uuid="",
    define="createXML",
    define_flags="createXML",
    list_all="listAllVolumes",
    missing="VIR_ERR_NO_STORAGE_VOL",
    validate="VIR_STORAGE_VOL_CREATE_VALIDATE",
)
