# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files and programs of a guest, against an agent that misbehaves."""

from __future__ import annotations

import base64
import typing as t

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.agent_channel import (
    PIECE,
    AgentChannel,
    Refused,
    Silent,
    TooLarge,
    Unreachable,
    until,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.agent_exec import run
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.agent_files import (
    NoSuchFile,
    opened,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    HypervisorError,
)


class Agent:
    """Answers by the functions that a test gives, and keeps what it was asked."""

    timeout = 0.3

    def __init__(self, **answers: t.Any) -> None:
        self.answers = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.asked: list[str] = []

    def call(self, command: str, **arguments: t.Any) -> t.Any:
        self.asked.append(command)
        answer = self.answers.get(command, {})
        answer = answer(arguments) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def __getattr__(self, name: str) -> t.Any:
        raise AssertionError(name)


def agent(**answers: t.Any) -> t.Any:
    return Agent(guest_file_open=7, **answers)


def test_all_is_written_in_pieces_of_which_the_guest_may_take_a_part():
    taken: list[bytes] = []

    def write(arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        piece = base64.b64decode(arguments["buf_b64"])
        assert len(piece) <= PIECE
        taken.append(piece[: len(piece) // 2 + 1])
        return {"count": len(taken[-1])}

    data = bytes(range(256)) * 1000
    found = agent(guest_file_write=write)
    with opened(found, "/f", "w") as file:
        file.write(data)
        file.flush()
    assert b"".join(taken) == data
    assert found.asked[-2:] == ["guest-file-flush", "guest-file-close"]


@pytest.mark.parametrize("count", [0, -1, 5])
def test_a_wrong_count_is_an_error_and_the_file_is_closed(count: int):
    found = agent(guest_file_write={"count": count})
    with (
        pytest.raises(HypervisorError, match=f"has written {count} of 4 bytes to /f"),
        opened(found, "/f", "w") as file,
    ):
        file.write(b"data")
    assert found.asked[-1] == "guest-file-close"


def test_what_can_not_be_written_at_the_end_is_an_error():
    found = agent(guest_file_close=Refused("refused", "No space left on device"))
    with (
        pytest.raises(HypervisorError, match="the guest can't close /f: No space left"),
        opened(found, "/f", "w"),
    ):
        pass


def test_the_first_error_is_the_one_that_counts():
    found = agent(guest_file_write={"count": 0}, guest_file_close=Refused("refused", "closing"))
    with pytest.raises(HypervisorError, match="written 0"), opened(found, "/f", "w") as file:
        file.write(b"data")


def test_reading_ends_at_the_end():
    pieces = [b"ab", b"cd", b""]

    def read(_arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        piece = pieces.pop(0)
        return {
            "count": len(piece),
            "buf-b64": base64.b64encode(piece).decode(),
            "eof": not pieces,
        }

    with opened(agent(guest_file_read=read), "/f", "r") as file:
        assert b"".join(file.chunks(2)) == b"abcd"
    wrong = {"count": 5, "buf-b64": "YQ==", "eof": True}
    with (
        opened(agent(guest_file_read=wrong), "/f", "r") as file,
        pytest.raises(HypervisorError, match="sent 1 bytes of /f and counted 5"),
    ):
        list(file.chunks(2))


def test_refusals_name_the_file():
    for words, kind, message in (
        ("No such file or directory", NoSuchFile, "there is no file /f in the guest"),
        ("Permission denied", HypervisorError, "virt_qemu_ga_run_unconfined"),
        ("Is a directory", HypervisorError, "the guest can't open /f: Is a directory$"),
    ):
        found = Agent(guest_file_open=Refused("refused", words))
        with pytest.raises(kind, match=message), opened(t.cast(AgentChannel, found), "/f", "r"):
            pass


def status(**values: t.Any) -> t.Any:
    return Agent(guest_exec={"pid": 5}, guest_exec_status={"exited": True, **values})


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_the_end_of_a_program():
    ended = run(status(exitcode=3, **{"out-data": coded(b"o"), "err-data": coded(b"e")}), ["x"])
    assert ended == (3, b"o", b"e")
    assert run(status(signal=9), ["x"]).rc == 137
    for stream in ("out", "err"):
        with pytest.raises(HypervisorError, match="more than the guest agent keeps"):
            run(status(exitcode=0, **{f"{stream}-truncated": True}), ["x"])


def test_a_program_is_started_once_at_most():
    found = Agent(guest_exec=Silent("silent"))
    with pytest.raises(Unreachable, match="may have been started"):
        run(t.cast(AgentChannel, found), ["x"])
    assert found.asked == ["guest-exec"]


def test_the_agent_is_away_for_a_moment():
    answers = [Silent("silent"), Silent("silent"), {"exited": True, "exitcode": 0}]
    found = Agent(guest_exec={"pid": 5}, guest_exec_status=lambda _: answers.pop(0))
    assert run(t.cast(AgentChannel, found), ["x"]).rc == 0
    found = Agent(guest_exec={"pid": 5}, guest_exec_status=Silent("silent"))
    with pytest.raises(Unreachable, match="silent"):
        run(t.cast(AgentChannel, found), ["x"])
    found = Agent(guest_exec={"pid": 5}, guest_exec_status=Refused("", "PID 5 does not exist"))
    with pytest.raises(Unreachable, match="was restarted while the command ran"):
        run(t.cast(AgentChannel, found), ["x"])
    found = Agent(guest_exec={"pid": 5}, guest_exec_status=TooLarge("large"))
    with pytest.raises(HypervisorError, match="more than libvirt passes on at once"):
        run(t.cast(AgentChannel, found), ["x"])


def test_questions_for_the_end_become_rare(monkeypatch: pytest.MonkeyPatch):
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    answers: list[dict[str, t.Any]] = [{"exited": False}] * 40
    answers.append({"exited": True, "exitcode": 0})
    found = Agent(guest_exec={"pid": 5}, guest_exec_status=lambda _: answers.pop(0))
    run(t.cast(AgentChannel, found), ["x"])
    assert pauses[0] == 0.01
    assert pauses == sorted(pauses)
    assert pauses[-1] == 0.5


def test_a_limit_of_time():
    found = Agent(guest_exec={"pid": 5}, guest_exec_status={"exited": False})
    with pytest.raises(HypervisorError, match=r"still runs after 0\.1 s, as process 5"):
        run(t.cast(AgentChannel, found), ["x"], timeout=0.1)


def test_an_agent_that_comes_is_waited_for():
    answers = [Silent("silent"), "here"]
    found = Agent(guest_ping=lambda _: answers.pop(0))
    assert until(found.call, "guest-ping", 5) == "here"
    found = Agent(guest_ping=Unreachable("off"))
    with pytest.raises(Unreachable, match="off"):
        until(found.call, "guest-ping", 5)
    assert found.asked == ["guest-ping"]


def test_a_question_that_libvirt_would_garble_is_not_asked():
    with pytest.raises(TooLarge, match="longer than libvirt passes on"):
        AgentChannel(t.cast(t.Any, None), None, 1).call("guest-exec", arg=["x" * 200_000])
