# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls that change a running guest, in their order."""

from __future__ import annotations

import typing as t

from ..._hypervisor.domains import Domain
from ..._hypervisor.errors import HypervisorError
from ..._reconcile.domain.live import LivePlan, LiveStep
from ..._rules.domain.live_calls import REPLUG
from ..errors import TaskError

#: The calls in the order in which they are made: what goes makes room, and a disk
#: needs its controller. What isn't named comes in between, as it stands.
_FIRST, _LAST = ("detach",), ("attach", REPLUG, "update")


def apply(domain: Domain, plan: LivePlan, timeout: float) -> dict[str, str]:
    """Make the changes; return the reasons of the refused ones, by path.

    :raises TaskError: the connection was lost; the message says what was done.
    """
    # Ansible compiles a module's code anew in each task, and most tasks change nothing.
    from ..._hypervisor.live_apply import change_guest, detach

    left = sorted(plan.steps, key=_rank)
    refused: dict[str, str] = {}
    done: list[LiveStep] = []
    try:
        while left:
            # What goes is asked for all at once, because the guest takes its time.
            going = [step for step in left if _rank(step) == _rank(left[0])]
            if left[0].row.call == "detach":
                devices = [step.present for step in going if step.present is not None]
                reasons = detach(domain, devices, timeout)
            else:
                step, going = left[0], left[:1]
                reasons = [change_guest(domain, step.row.call, step.desired, step.present, timeout)]
            for step, reason in zip(going, reasons):
                if reason is not None:
                    refused.update((change.path, reason) for change in step.changes)
            done, left = done + going, left[len(going) :]
    except HypervisorError as error:
        raise TaskError(
            f"its definition is as wanted, but not all of the running guest: {error}; made: "
            f"{_paths(done, refused)}; not made, or unknown: "
            f"{_paths(left, {})}; the next run completes it",
            changed=True,
        ) from error
    return refused


def _rank(step: LiveStep) -> tuple[int, bool]:
    """The order of a call among other calls: disks leave before their controllers."""
    call = step.row.call
    late = 2 + _LAST.index(call) if call in _LAST else 1
    device = step.desired if step.desired is not None else step.present
    is_controller = device is not None and device.tag == "controller"
    is_going = call in _FIRST
    return (0 if is_going else late, is_controller == is_going)


def _paths(steps: t.Iterable[LiveStep], refused: t.Mapping[str, str]) -> str:
    found = [c.path for step in steps for c in step.changes if c.path not in refused]
    return ", ".join(found) or "nothing"
