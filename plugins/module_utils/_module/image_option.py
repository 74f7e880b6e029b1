# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``image`` of a volume."""

from __future__ import annotations

import typing as t

from .._images.errors import ImageError
from .._images.request import Access, ImageRequest, image_request
from .._manage.errors import TaskError

IMAGE: dict[str, t.Any] = {
    "type": "dict",
    "options": {
        "url": {"type": "str"},
        "src": {"type": "path"},
        "checksum": {"type": "str"},
        "decompress": {"type": "bool", "default": True},
        "url_username": {"type": "str"},
        "url_password": {"type": "str", "no_log": True},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "use_proxy": {"type": "bool", "default": True},
        "timeout": {"type": "float", "default": Access().timeout},
    },
    "mutually_exclusive": [("url", "src")],
    "required_one_of": [("url", "src")],
}


def image_of(image: t.Mapping[str, t.Any]) -> ImageRequest:
    """The request that the option makes.

    :raises TaskError: it is impossible.
    """
    access = Access(
        username=image["url_username"],
        password=image["url_password"],
        validate_certs=image["validate_certs"],
        ca_path=image["ca_path"],
        use_proxy=image["use_proxy"],
        timeout=image["timeout"],
    )
    try:
        return image_request(
            image["url"], image["src"], image["checksum"], image["decompress"], access
        )
    except ImageError as error:
        raise TaskError(f"image: {error}") from None
