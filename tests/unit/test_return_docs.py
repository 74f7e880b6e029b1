# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several modules return is documented once."""

from __future__ import annotations

import typing as t

import yaml

from .documented import constants
from .generators import TOP, load

GENERATOR = load("return_docs")
#: A text that says little by itself may stand in several modules.
SHORT = 60


def test_what_is_generated_is_up_to_date() -> None:
    for path, text in GENERATOR.files(TOP).items():
        assert (TOP / path).read_text(encoding="utf-8") == text, "run: make generate"


def test_no_other_part_stands_twice() -> None:
    shared = {(part.module, part.key.partition("/")[0]) for part in GENERATOR.parts()}
    found: dict[str, list[str]] = {}
    for path in sorted((TOP / "plugins" / "modules").glob("*.py")):
        for key, text in texts(yaml.safe_load(constants(path).get("RETURN", "{}"))):
            names = key.split(".")
            above = (".".join(names[:length]) for length in range(1, len(names) + 1))
            if len(text) > SHORT and shared.isdisjoint((path.stem, part) for part in above):
                found.setdefault(f"{key}: {text}", []).append(path.stem)
    assert {text: modules for text, modules in found.items() if len(modules) > 1} == {}


def texts(block: dict[str, t.Any], above: str = "") -> t.Iterator[tuple[str, str]]:
    """The keys, joined by dots, with their descriptions."""
    for name, part in block.items():
        key = f"{above}.{name}" if above else name
        yield key, str(part.get("description"))
        yield from texts(part.get("contains", {}), key)
