# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The domain's identity for the host, and the protection of its memory."""

from __future__ import annotations

from ..rows import Group, Lists, commas, integer, on_off, presence, text, yes_no
from ..setters import security
from .common import element

SECLABEL = Group(
    "seclabel",
    "seclabel",
    "security labels of the domain",
    element(
        text("type", "@type", "dynamic, static or none"),
        text("model", "@model", "selinux, apparmor, dac or none"),
        yes_no("relabel", "@relabel", "whether libvirt labels what the domain uses"),
        commas("label", "label", "the label", lists=Lists.NONE),
        commas("baselabel", "baselabel", "what dynamic labels are based on", lists=Lists.NONE),
    ),
    flags=("--seclabel", "--security"),
    is_list=True,
    aliases=("seclabels", "security"),
    find=security.find,
)

KEYWRAP = Group(
    "keywrap",
    "keywrap",
    "whether the guest may wrap keys, on s390x",
    element(
        commas("cipher[].name", "cipher[{}]/@name", "aes or dea", lists=Lists.NONE),
        on_off("cipher[].state", "cipher[{}]/@state", "whether it may", commas=True),
    ),
    flags=("--keywrap",),
)

IDMAP = Group(
    "idmap",
    "idmap",
    "users and groups of the host for those of a container",
    element(
        integer("uid.start", "uid/@start", "first user of the container", "uid_start"),
        integer("uid.target", "uid/@target", "user of the host that it is", "uid_target"),
        integer("uid.count", "uid/@count", "number of users", "uid_count"),
        integer("gid.start", "gid/@start", "first group of the container", "gid_start"),
        integer("gid.target", "gid/@target", "group of the host that it is", "gid_target"),
        integer("gid.count", "gid/@count", "number of groups", "gid_count"),
    ),
    flags=("--idmap",),
)

LAUNCH_SECURITY = Group(
    "launchSecurity",
    "launchSecurity",
    "encryption of the guest's memory",
    element(
        text("type", "@type", "sev, sev-snp, tdx or s390-pv"),
        integer("cbitpos", "cbitpos", "place of the bit that marks encrypted memory"),
        integer("reducedPhysBits", "reducedPhysBits", "how many bits of addresses are lost"),
        text("policy", "policy", "policy of the firmware, such as '0x0003', in quotes"),
        text("session", "session", "session that the guest's owner made, in Base64"),
        text("dhCert", "dhCert", "Diffie-Hellman key of the guest's owner, in Base64"),
        yes_no(
            "kernelHashes", "@kernelHashes", "whether kernel, initrd and command line are measured"
        ),
        text(
            "guestVisibleWorkarounds",
            "guestVisibleWorkarounds",
            "workarounds that SEV-SNP shows to the guest, in Base64",
        ),
        text("idBlock", "idBlock", "identity block of the guest's owner for SEV-SNP, in Base64"),
        text("idAuth", "idAuth", "what authenticates the identity block, in Base64"),
        text("hostData", "hostData", "data of the host for SEV-SNP's report, in Base64"),
        yes_no("authorKey", "@authorKey", "whether idAuth has a key of its author"),
        yes_no("vcek", "@vcek", "whether the report is signed by the chip's own key"),
        text("mrConfigId", "mrConfigId", "measured id of TDX's configuration, in Base64"),
        text("mrOwner", "mrOwner", "measured id of TDX's owner, in Base64"),
        text("mrOwnerConfig", "mrOwnerConfig", "measured configuration of the owner, in Base64"),
        presence(
            "quoteGenerationService",
            "quoteGenerationService",
            "whether the guest can ask the host's service for a quote",
        ),
        text(
            "quoteGenerationSocket",
            "quoteGenerationService/@path",
            "socket of that service",
        ),
    ),
    flags=("--launchSecurity", "--launchsecurity"),
    aliases=("launch_security", "launchsecurity"),
    first=("type",),
)
