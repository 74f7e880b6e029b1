# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of 1000 domains, and their states, against libvirt's own calls."""

from __future__ import annotations

import typing as t

from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    Connection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.domains import Domains
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.stopping import (
    Shutdown,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.info import (
    Wish,
    describe,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.domain.state import (
    StateWork,
)

from .documents import DUMP, defined
from .measure import Row, paired


def measure(connection: t.Any) -> t.Iterator[Row]:
    with defined(connection, 1000) as documents:
        ours = Connection(connection, "qemu:///system", is_local=True)

        def known() -> None:
            assert len(describe(ours, Wish())) == len(documents)

        def listed() -> None:
            connection.listAllDomains()
            for domain, _stats in connection.getAllDomainStats():
                domain.XMLDesc(DUMP)

        yield Row("domain_info of 1000 domains / list, stats, dump", *paired(known, listed), 3)

        def stopped() -> None:
            for name in documents:
                work = StateWork(Domains(ours), name, False)
                work.set_state("stopped", Shutdown())
                assert not work.outcome().as_result(False)["changed"]

        def looked_up() -> None:
            for name in documents:
                connection.lookupByName(name).state()

        yield Row(
            "domain_state of each of 1000, nothing to do / look up, state",
            *paired(stopped, looked_up),
            3,
        )
