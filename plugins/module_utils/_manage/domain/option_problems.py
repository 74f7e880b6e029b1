# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a document that was made from options, in the words of the options."""

from __future__ import annotations

import typing as t

from ..._xmltree.schema_problem import Problem


def explained(options: t.Collection[str], problem: Problem) -> Problem:
    """The problem in words that begin with the option that wrote its place, or else with the place.

    ``options`` are the names of those that were given.
    """
    # All options and their tables, which only a mistake needs.
    from ..._virtinst.blame import meant_at, option_at

    option = option_at(problem.path, problem.attribute, options)
    where = problem.path if option is None else option
    meant = meant_at(option)
    advice = "" if meant is None else f"; {meant}"
    return problem._replace(line=None, message=f"{where}: {problem.message}{advice}")
