# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our documents and virt-install's, each as libvirt understands it."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import typing as t

import libvirt
from ansible_collections.declarative.libvirt.plugins.module_utils._choices import MERGE
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.host import host_facts
from ansible_collections.declarative.libvirt.plugins.module_utils._reconcile.reconcile import (
    reconcile,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._rules.domain.book import DOMAIN
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.defaults import (
    domain_defaults,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.errors import (
    OptionError,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.existing import (
    domain_options,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.host import Host
from ansible_collections.declarative.libvirt.plugins.module_utils._virtinst.versions import (
    OPTION as VERSION,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.parse import parse
from ansible_collections.declarative.libvirt.plugins.module_utils._xmltree.serialise import (
    serialise,
)

from .canonical import canonical
from .scenarios import IMAGE, USER_DATA
from .virt_install import Refused, VirtInstall

URI = "qemu:///system"
BOTH_REFUSE = "both refuse"
_WHOLE = libvirt.VIR_DOMAIN_XML_INACTIVE | libvirt.VIR_DOMAIN_XML_SECURE
_NAME = re.compile(r"<name>[^<]*</name>")
#: virt-install's are in temporary files, ours in volumes or where they were.
_SEED = re.compile(r"""["'][^"']*cloudinit\.iso["']""")
_KERNEL = re.compile(r"<(kernel|initrd)>[^<]*<")
#: The name of a null modem cable: virt-install's is random.
_CABLE = re.compile(r"/dev/nmdm[0-9a-f-]{36}")
_RANDOM = re.compile(r"\s*(<uuid>[^<]*</uuid>|<mac address=[^>]*/>)")


class Verdict(t.NamedTuple):
    """What two documents, or two refusals, come to.

    * ``difference``: as text; ``None`` when both give the same, or both refuse.
    * ``is_refused``: whether both refuse, so that no documents were compared.
    * ``documents``: how many of virt-install's were.
    """

    difference: str | None
    is_refused: bool = False
    documents: int = 0


class Judge:
    """Compares the two on one hypervisor."""

    def __init__(self, connection: t.Any, host: Host, uri: str) -> None:
        self.connection = connection
        self.raw = self._raw = connection.raw
        self.host = host
        self.virt_install = VirtInstall(uri)
        self.version = self.virt_install.version
        self._understood: dict[str, str] = {}

    @classmethod
    @contextlib.contextmanager
    def connected(cls) -> t.Iterator[Judge]:
        make_files()
        with connected(URI) as connection:
            yield cls(connection, host_facts(Domains(connection)), URI)

    def compare(self, arguments: list[str], options: dict[str, t.Any]) -> str | None:
        """What differs, as text; ``None`` when both give the same documents.

        That both refuse is a difference too: nothing would have been compared.
        """
        verdict = self.judged(arguments, options)
        return BOTH_REFUSE if verdict.is_refused else verdict.difference

    def judged(self, arguments: list[str], options: dict[str, t.Any]) -> Verdict:
        """What virt-install's arguments and the same as options come to."""
        theirs, their_reason = self._asked(lambda: self.virt_install.documents(arguments))
        ours, our_reason = self._asked(lambda: self._ours(options))
        if ours is None or theirs is None:
            if ours is theirs:
                return Verdict(None, is_refused=True)
            return Verdict(
                f"one refuses: virt-install: {their_reason or 'no'}; here: {our_reason or 'no'}"
            )
        if len(ours) != len(theirs):
            return Verdict(f"{len(theirs)} documents of virt-install, {len(ours)} here")
        for their, our in zip(theirs, ours):
            before, after = self.understood(their), self.understood(our)
            if before != after:
                lines = difflib.unified_diff(
                    before.splitlines(), after.splitlines(), "virt-install", "here", "", "", 1, ""
                )
                return Verdict("\n".join(lines), documents=len(theirs))
        return Verdict(None, documents=len(theirs))

    def understood(self, document: str) -> str:
        """A document as libvirt dumps it, without what is random."""
        plain = self.plain(document)
        if plain not in self._understood:
            # The name is compared too, but what runs beside this may not see it.
            name = _NAME.search(plain)
            try:
                domain = self._raw.defineXML(
                    _NAME.sub(f"<name>judged-{os.getpid()}</name>", plain, 1)
                )
            except libvirt.libvirtError as error:
                # The document counts all the same.
                self._understood[plain] = f"{error}\n{canonical(parse(plain))}"
                return self._understood[plain]
            try:
                dump = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
            finally:
                domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
            named = _NAME.sub(name[0] if name else "", dump, 1)
            self._understood[plain] = _RANDOM.sub("", named)
        return self._understood[plain]

    def changes(self, options: dict[str, t.Any]) -> list[str]:
        """What there is to change of a domain with these options, just made and ever after."""
        options = {**options, VERSION: self.version}
        wanted = domain_defaults(self.host, options).domain
        document = _NAME.sub(f"<name>judged-{os.getpid()}</name>", serialise(wanted), 1)
        domain = self._raw.defineXML(document)
        try:
            actual = parse(domain.XMLDesc(_WHOLE))
        finally:
            domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
        said = domain_options(self.host, options, actual).domain
        plans = (reconcile(parse(document), actual, DOMAIN), reconcile(said, actual, DOMAIN, MERGE))
        return [
            f"{change.op} {change.path}"
            for plan in plans
            for change in plan.changes
            if change.path != "/domain/name"
        ]

    @staticmethod
    def plain(document: str) -> str:
        """A document without what is random."""
        without = _SEED.sub("'/cloudinit.iso'", _RANDOM.sub("", document))
        return _CABLE.sub("/dev/nmdm", _KERNEL.sub(r"<\1>/\1<", without))

    def _ours(self, options: dict[str, t.Any]) -> list[str]:
        result = domain_defaults(self.host, {**options, VERSION: self.version})
        first = [] if result.first_boot is None else [serialise(result.first_boot)]
        return [*first, serialise(result.domain)]

    @staticmethod
    def _asked(
        question: t.Callable[[], list[str]],
    ) -> tuple[list[str] | None, Exception | None]:
        try:
            return question(), None
        except (Refused, OptionError) as error:
            return None, error


def make_files() -> None:
    """The files that the scenarios name."""
    os.makedirs(os.path.dirname(IMAGE), exist_ok=True)
    with open(IMAGE, "wb") as file:
        # An ISO 9660 image with nothing but its first descriptor.
        file.write(bytes(0x8000) + b"\x01CD001\x01" + bytes(2041))
    with open(USER_DATA, "w", encoding="ascii") as file:
        file.write("#cloud-config\n")
