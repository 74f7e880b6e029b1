# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding an interpreter with the libraries that a module needs."""

from __future__ import annotations

import importlib.util
import sys

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.respawn import (
    has_respawned,
    probe_interpreters_for_module,
    respawn_module,
)

from .._hypervisor.libvirt_import import LIBVIRT_IMPORT_ERROR

#: The Python interpreters that distributions install packages for.
_INTERPRETERS = (
    "/usr/bin/python3",
    "/usr/libexec/platform-python",
    "/usr/local/bin/python3",
)


def require_libraries(module: AnsibleModule) -> None:
    """Continue only with libvirt-python and lxml.

    If this interpreter lacks one of them and one of the system's has both, the module starts
    again in that interpreter; otherwise it fails.
    """
    missing = LIBVIRT_IMPORT_ERROR or _lxml_import_error()
    if missing is None:
        return
    if not has_respawned():
        interpreter = _interpreter_with_both()
        if interpreter is not None:
            respawn_module(interpreter)
    library = "libvirt-python" if LIBVIRT_IMPORT_ERROR else "lxml"
    module.fail_json(msg=missing_required_lib(library), exception=missing)


def _lxml_import_error() -> str | None:
    """The traceback of the failed import of lxml; ``None`` where it is installed.

    It takes as long to import as libvirt-python, and a task that parses nothing only looks for it.
    """
    is_tried = f"{__package__.rpartition('.')[0]}._xmltree.lxml_import" in sys.modules
    try:
        if not is_tried and importlib.util.find_spec("lxml.etree") is not None:
            return None
    except ImportError:
        # There is no lxml at all.
        pass
    from .._xmltree.lxml_import import LXML_IMPORT_ERROR

    return LXML_IMPORT_ERROR


def _interpreter_with_both() -> str | None:
    for path in _INTERPRETERS:
        if path == sys.executable:
            continue
        found = probe_interpreters_for_module([path], "libvirt")
        if found and probe_interpreters_for_module([path], "lxml.etree"):
            return path
    return None
