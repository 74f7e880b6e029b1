# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who to authenticate as at a hypervisor."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    effective_login,
)

ENVIRONMENT = {"LIBVIRT_USERNAME": "of the job", "LIBVIRT_PASSWORD": "secret of the job"}


@pytest.mark.parametrize(
    ("given", "environment", "login"),
    [
        ((None, None), {}, (None, None)),
        ((None, None), ENVIRONMENT, ("of the job", "secret of the job")),
        (("mine", None), ENVIRONMENT, ("mine", "secret of the job")),
        (("mine", "my secret"), ENVIRONMENT, ("mine", "my secret")),
        # AWX sets a variable of an empty field to an empty text.
        ((None, None), {"LIBVIRT_USERNAME": "", "LIBVIRT_PASSWORD": ""}, (None, None)),
    ],
)
def test_a_login(
    given: tuple[str | None, str | None],
    environment: dict[str, str],
    login: tuple[str | None, str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert effective_login(*given) == login
