# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guests of a scenario of Molecule."""

from __future__ import annotations

DOCUMENTATION = r"""
name: molecule_guests
short_description: The guests of a scenario of Molecule
version_added: 0.3.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - What the role P(declarative.libvirt.molecule#role) makes of the hosts of a scenario. It is of use for that role alone.
positional: _input
options:
  _input:
    description:
      - The C(platforms) of C(molecule.yml), or a dictionary with what is given for the domain of each host, by its name.
    type: raw
    required: true
  settings:
    description:
      - The C(directory) of the project, the C(scenario), C(project) and C(state), which are Molecule's directories of the project
        and of its own files; and the role's variables C(defaults), C(pool), C(user), C(public_key), C(login), C(connection) and C(timeout).
    type: dict
    required: true
  found:
    description:
      - The domains that there are, as M(declarative.libvirt.domain_info) returns them.
    type: list
    elements: dict
    default: []
  former:
    description:
      - Tags that guests of the scenario had before, whose C(going) is wanted, too.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: The names of the domains
  ansible.builtin.debug:
    msg: "{{ (platforms | declarative.libvirt.molecule_guests(settings)).guests | map(attribute='domain') }}"
"""

RETURN = r"""
_value:
  description:
    - The C(tag) that all guests of the scenario have, the C(prefix) of their domains' names, C(login), which is another one when
      they let somebody else in, and the C(guests), each with its C(host), its C(domain), the C(options) of that, its C(volumes),
      and what is the C(problem) with it; and C(going), which are the options that remove all of them.
  type: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.declarative.libvirt.plugins.plugin_utils._molecule.guests import (
    Host,
    Settings,
    going,
    guests,
    hosts_of_platforms,
    login_of,
)
from ansible_collections.declarative.libvirt.plugins.plugin_utils._molecule.names import (
    Scenario,
    run_of,
)


def molecule_guests(
    given: t.Any,
    settings: t.Mapping[str, t.Any],
    found: t.Sequence[t.Mapping[str, t.Any]] = (),
    former: t.Sequence[str] = (),
) -> dict[str, t.Any]:
    """The filter."""
    if isinstance(given, t.Mapping):
        hosts = [Host(str(name), own) for name, own in given.items()]
    elif isinstance(given, t.Sequence) and all(isinstance(each, t.Mapping) for each in given):
        hosts = hosts_of_platforms(given)
    else:
        raise AnsibleFilterError("platforms in molecule.yml: give a list of dictionaries")
    common = Settings(
        scenario=Scenario(
            str(settings["directory"]),
            str(settings["scenario"]),
            run_of(str(settings["project"]), str(settings["state"])),
        ),
        defaults=settings.get("defaults") or {},
        pool=str(settings["pool"]),
        user=str(settings["user"]),
        public_key=str(settings.get("public_key") or ""),
        login=str(settings["login"]),
        connection=str(settings["connection"]),
        timeout=float(settings["timeout"]),
    )
    made = guests(hosts, common)
    return {
        "tag": common.scenario.tag,
        "prefix": common.scenario.prefix,
        "login": login_of(common),
        "guests": made,
        "going": going(made, found, [common.scenario.tag, *former]),
    }


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filter by its name."""
        return {"molecule_guests": molecule_guests}
