# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading hypervisors in a process of its own.

Ansible forks a process for each host of a task, and what libvirt has begun in threads does not
survive that. A process of its own may also use another interpreter: distributions have
libvirt-python for their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import typing as t

from ..errors import TaskError
from .wish import Source, Wish, as_json

#: The Python interpreters that distributions install packages for.
_INTERPRETERS = ("/usr/bin/python3", "/usr/libexec/platform-python", "/usr/local/bin/python3")
_COLLECTIONS = "ansible_collections"
_PACKAGE = __name__.rpartition(".")[0]
#: Another folder of this name on the way may hide the one that this file is in, and nothing in
#: the current folder is to be imported.
_PROGRAM = f"""\
import sys
sys.path[:] = [path for path in sys.path if path]
import importlib, types
package = types.ModuleType({_COLLECTIONS!r})
package.__path__ = [sys.argv[1]]
sys.modules[{_COLLECTIONS!r}] = package
importlib.import_module({f"{_PACKAGE}.program"!r}).main()
"""


def read_in_process(sources: t.Sequence[Source], wish: Wish) -> list[dict[str, t.Any]]:
    """As :func:`.hypervisors.read_all`.

    :raises TaskError: no interpreter of this machine has the libraries.
    """
    request = json.dumps(as_json(sources, wish))
    failed: list[str] = []
    for interpreter in dict.fromkeys((sys.executable, *_INTERPRETERS)):
        if not interpreter or not os.path.exists(interpreter):
            continue
        answer = _answer(interpreter, request)
        if "hypervisors" in answer:
            hypervisors: list[dict[str, t.Any]] = answer["hypervisors"]
            return hypervisors
        failed.append(f"{interpreter} {answer['failed']}")
    raise TaskError(
        f"hypervisors can't be read on the controller: {failed[0]}, and no other Python of the system "
        "can do it; install python3-libvirt and python3-lxml on the controller, or libvirt-python "
        "and lxml with pip where Ansible is installed"
    )


def _answer(interpreter: str, request: str) -> dict[str, t.Any]:
    folder = __file__
    while os.path.basename(folder) != _COLLECTIONS:
        folder = os.path.dirname(folder)
    # Without a terminal, ssh asks nobody for a password, but fails.
    process = subprocess.Popen(  # noqa: S603  (an interpreter, and our own program)
        [interpreter, "-c", _PROGRAM, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What ssh and the like print may be in another encoding.
        errors="replace",
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(request)
    except BaseException:
        # Also what it has started, such as ssh.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        last = errors.strip().splitlines()[-1:] or [f"exit status {process.returncode}"]
        return {"failed": f"fails ({last[0]})"}
    answer: dict[str, t.Any] = json.loads(output)
    return answer
