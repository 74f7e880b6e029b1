# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module declarative.libvirt.domain_backup_info: its options, and what it does."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._hypervisor.domains import Domains
from .._manage.domain.backup import backup_folder
from .._manage.domain.backup_info import describe_backups
from .._manage.domain.backup_plan import BackupRequest
from .._manage.domain.checkpoint_info import describe_checkpoints
from .._manage.selection import Selection
from .failures import failures_reported
from .libraries import require_libraries
from .options import connected_by
from .secrets import uncover
from .spec import CONNECTION, Spec

SPEC = CONNECTION + Spec(
    {
        "domain": {"type": "list", "elements": "str"},
        "directory": {"type": "path"},
        "pool": {"type": "str"},
    },
    mutually_exclusive=(("directory", "pool"),),
)


def run(module: AnsibleModule) -> None:
    """Carry out the module's options, and exit with the result."""
    require_libraries(module)
    params = uncover(module)
    with failures_reported(module, "the backups"), connected_by(params) as connection:
        domains = Selection(params["domain"])
        request = BackupRequest("", params["directory"], params["pool"])
        backups = []
        if request.directory is not None or request.pool is not None:
            folder = backup_folder(Domains(connection), request, is_written=False)
            backups = describe_backups(folder, domains)
        found = describe_checkpoints(connection, domains, Selection(None))
    module.exit_json(changed=False, backups=backups, checkpoints=found)
