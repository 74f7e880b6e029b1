# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML that says what the values are."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.yaml_text import (
    Template,
    yaml_text,
)
from hypothesis import given
from hypothesis import strategies as st

#: What XML can have.
_TEXTS = st.text(
    st.characters(
        min_codepoint=9, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff\x0b\x0c"
    )
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=12,
)


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def read(text: str) -> t.Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506


@given(_VALUES)
def test_read_as_it_was(value: t.Any) -> None:
    assert read(yaml_text(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "0x10",
        "1_000",
        "12:30:45",
        "52:54:00:11:22:33",
        "~",
        "",
        " a",
        "a:",
        "- b",
        "1e3",
        "null",
    ],
)
def test_texts_stay_texts(text: str) -> None:
    assert read(yaml_text({"a": [text]})) == {"a": [text]}


def test_looks_as_people_write_it() -> None:
    value = {"guests": [{"name": "web", "disks": [{"path": "/a b"}], "xml": "<a>\n  <b/>\n</a>"}]}
    assert yaml_text(value) == (
        "guests:\n  - name: web\n    disks:\n      - path: /a b\n    xml: |-\n      <a>\n        <b/>\n      </a>\n"
    )


def test_no_template_by_chance() -> None:
    value = {"a": "{{ b }}", "c": Template("{{ d }}"), "e": "{{\nf\ng"}
    assert yaml_text(value) == 'a: !unsafe "{{ b }}"\nc: "{{ d }}"\ne: !unsafe |-\n  {{\n  f\n  g\n'
