# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that the engine knows about network filters."""

from __future__ import annotations

import re

from .._xmltree.element import Element
from .book import RuleBook
from .context import Context
from .kind import Kind
from .nwfilter_protocols import (
    is_negated,
    joined_protocols,
    kept_set,
    source_of_set,
    without_flags_of_sets,
)
from .nwfilter_values import SPELLINGS, number, or_variable, tcp_flags
from .rows import ASSIGNED, Fill, Identity, Rewrite, Row, Same, Sequence, Settle, Stored, Whole
from .spelling import same_by, uuid

#: chain_priorities: by a chain's prefix, when it is gone through.
_CHAINS = {
    "mac": "-800",
    "vlan": "-750",
    "stp": "0",
    "arp": "-500",
    "rarp": "-400",
    "ipv4": "-700",
    "ipv6": "-600",
}
_LONGEST_COMMENT = 256


def usual_priority(context: Context) -> str | None:
    """virNWFilterDefParseXML: a chain has a priority by its prefix; 0 isn't written."""
    chain = context.desired.get("chain") or ""
    found = next((value for name, value in _CHAINS.items() if chain.startswith(name)), "0")
    return None if found == "0" else found


def chain_priority(context: Context, written: str) -> str | None:
    """virNWFilterDefParseXML: the priority of a chain that isn't named is not kept, nor is 0."""
    chain = context.desired.get("chain")
    if chain is None and context.actual.get("chain") != "root":
        # A merge need not name it.
        chain = context.actual.get("chain")
    return None if chain is None or number(written) == 0 else str(number(written))


def rule_priority(_context: Context, written: str) -> str:
    """virNWFilterRuleParse: what is no decimal number from -1000 to 1000 is 500."""
    found = re.fullmatch(r"\s*([+-]?\d+)", written)
    is_known = found is not None and abs(int(found[1])) <= 1000
    return str(int(written)) if is_known else "500"


def state_match(_context: Context, written: str) -> str | None:
    """virNWFilterRuleDefFormat: only that there is none is written."""
    return "false" if written == "0" or written.lower() == "false" else None


def comment(_context: Context, written: str) -> str:
    """virNWFilterRuleDefAddString: a longer one is cut."""
    return written[:_LONGEST_COMMENT]


def sorted_parameters(document: Element) -> Element:
    """virNWFilterFormatParamAttributes: by name; what can't be a parameter is dropped."""
    children = [
        _with_sorted_parameters(one) if one.tag == "filterref" else one for one in document.children
    ]
    if all(new is old for new, old in zip(children, document.children)):
        return document
    return document.replaced(children=children)


def _with_sorted_parameters(reference: Element) -> Element:
    kept = [one for one in reference.all("parameter") if _is_parameter(one)]
    kept.sort(key=lambda one: one.attributes["name"])
    same = len(kept) == len(reference.children)
    if same and all(new is old for new, old in zip(kept, reference.children)):
        return reference
    return reference.replaced(children=kept)


def _is_parameter(element: Element) -> bool:
    name, value = element.get("name"), element.get("value")
    return (
        name is not None
        and value is not None
        and re.fullmatch(r"[a-zA-Z0-9_]*", name) is not None
        and re.fullmatch(r"[a-zA-Z0-9_.:]+", value) is not None
    )


_VALUES: tuple[Row, ...] = (
    Same("uuid/text()", same_by(uuid), "virUUIDParse ignores case and hyphens"),
    Same(
        "rule/stp/@flags", or_variable(number), "a number is written as it was read, or as variable"
    ),
    Same("rule/*/@flags", or_variable(tcp_flags), "tcpFlagsFormatter"),
    *(
        Same(f"rule/*/@{{{names}}}", or_variable(canonical), reason)
        for canonical, names, reason in SPELLINGS
    ),
)

ROWS: tuple[Row, ...] = (
    *_VALUES,
    Fill("uuid", ASSIGNED, "virNWFilterDefParseXML: one is drawn, and known by the name"),
    Fill("@chain", "root", "virNWFilterDefParseXML"),
    Fill("@priority", usual_priority, "virNWFilterDefParseXML"),
    Stored("@priority", chain_priority, "virNWFilterDefFormat"),
    Sequence(
        "",
        ("rule", "filterref"),
        "rules of the same priority are applied in the order of the document",
    ),
    Identity("rule", (), "nothing but its place", in_order=True, ordered=True),
    Identity("filterref", (), "a filter may be referred to twice", in_order=True, ordered=True),
    Identity(
        "filterref/parameter",
        (),
        "several values of a name are a list",
        in_order=True,
        ordered=True,
    ),
    Whole(
        "{rule,filterref}", "what is left out of a rule or reference is not matched, or not given"
    ),
    Identity("rule/*", (is_negated,), "what is negated stands apart", in_order=True),
    Rewrite(joined_protocols, "virNWFilterRuleDetailsParse, virNWFilterRuleDefFixup", both=True),
    Rewrite(sorted_parameters, "virNWFilterFormatParamAttributes"),
    Fill("rule/@priority", "500", "virNWFilterRuleParse"),
    Stored("rule/@priority", rule_priority, "virNWFilterRuleParse"),
    Stored("rule/@statematch", state_match, "virNWFilterRuleDefFormat"),
    Stored("rule/*/@comment", comment, "virNWFilterRuleDefAddString"),
    Fill("rule/*/@ipsetflags", source_of_set, "virNWFilterRuleDefFixupIPSet"),
    Stored("rule/*/@{ipset,ipsetflags}", kept_set, "virNWFilterRuleDefFixupIPSet"),
    Settle(without_flags_of_sets, "virNWFilterRuleDefFixupIPSet: its own dump would lose the set"),
)

KIND = Kind(
    "nwfilter",
    "filter",
    "nwfilter",
    RuleBook("filter", ROWS),
    RuleBook("filter", tuple(row for row in ROWS if isinstance(row, (Identity, Sequence)))),
    named="@name",
)
