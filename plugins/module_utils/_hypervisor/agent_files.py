# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files within a guest, read and written by its agent."""

from __future__ import annotations

import base64
import contextlib
import typing as t

from .agent_channel import PIECE, AgentChannel, Refused, until
from .errors import HypervisorError

#: The bytes of one answer. libvirt passes on texts of at most 4 MiB, and Base64 adds a third.
CHUNK = 1 << 20
LARGEST_CHUNK = 2 << 20
_SELINUX = (
    "; the agent may be confined by SELinux in the guest: look for virt_qemu_ga_t in its audit log, "
    "then set the boolean virt_qemu_ga_run_unconfined or add a rule"
)


class NoSuchFile(HypervisorError):
    """There is no such file in the guest."""


class GuestFile:
    """An open file of the guest."""

    def __init__(self, channel: AgentChannel, path: str, handle: int) -> None:
        self._channel = channel
        self._path = path
        self._handle = handle

    def write(self, data: bytes) -> None:
        """Write all of this.

        :raises HypervisorError: the guest takes less.
        """
        while data:
            piece = encoded(data[:PIECE])
            count = self._call("write to", "guest-file-write", buf_b64=piece)["count"]
            if not 0 < count <= min(len(data), PIECE):
                raise HypervisorError(
                    f"the guest has written {count} of {len(data)} bytes to {self._path}; see whether its "
                    "file system is full"
                )
            data = data[count:]

    def chunks(self, size: int) -> t.Iterator[bytes]:
        """All that is left of the file."""
        while True:
            read = self._call("read", "guest-file-read", count=size)
            data = base64.b64decode(read.get("buf-b64", ""))
            if len(data) != read["count"]:
                raise HypervisorError(
                    f"the guest agent has sent {len(data)} bytes of {self._path} and counted {read['count']}"
                )
            if data:
                yield data
            if read["eof"] or not data:
                return

    def flush(self) -> None:
        """Let the guest have what was written."""
        self._call("write to", "guest-file-flush")

    def close(self) -> None:
        """Close it; what could not be written is an error."""
        self._call("close", "guest-file-close")

    def _call(self, doing: str, command: str, **arguments: t.Any) -> t.Any:
        with _named(doing, self._path):
            return self._channel.call(command, handle=self._handle, **arguments)


@contextlib.contextmanager
def opened(channel: AgentChannel, path: str, mode: str) -> t.Iterator[GuestFile]:
    """A file of the guest, which is closed at the end whatever happens; ``mode`` is as in C.

    :raises NoSuchFile: it isn't there.
    """
    with _named("open", path):
        handle = until(channel.call, "guest-file-open", channel.timeout, path=path, mode=mode)
    file = GuestFile(channel, path, handle)
    try:
        yield file
    except BaseException:
        # What has failed is what counts, and not that it can't be closed either.
        with contextlib.suppress(HypervisorError):
            file.close()
        raise
    file.close()


def encoded(data: bytes) -> str:
    """Bytes as the agent takes them."""
    return base64.b64encode(data).decode("ascii")


@contextlib.contextmanager
def _named(doing: str, path: str) -> t.Iterator[None]:
    """Let refusals within the block name the file."""
    try:
        yield
    except Refused as error:
        words = error.words.lower()
        if "no such file" in words:
            raise NoSuchFile(
                f"there is no file {path} in the guest ({error.words})"
            ) from error.__cause__
        hint = _SELINUX if "permission denied" in words else ""
        raise HypervisorError(
            f"the guest can't {doing} {path}: {error.words}{hint}"
        ) from error.__cause__
