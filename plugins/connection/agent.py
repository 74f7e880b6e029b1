# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks within a guest, through the QEMU guest agent."""

from __future__ import annotations

DOCUMENTATION = r"""
name: agent
short_description: Run tasks within a guest of libvirt, without network and without SSH
version_added: 0.3.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Reaches a guest through its QEMU guest agent (C(qemu-guest-agent)), over the hypervisor. The guest needs no address and no SSH.
  - Modules run as they do over SSH, with C(become), files in both directions and pipelining. The agent is usually root.
  - A guest that is off, or whose agent does not answer, is unreachable, so that M(ansible.builtin.wait_for_connection),
    M(ansible.builtin.reboot) and C(ignore_unreachable) do what they do with other hosts.
  - The guest has a POSIX shell. Windows guests are not supported yet.
options:
  domain:
    description:
      - The name of the domain, or its UUID.
      - C(ansible_host) does not count, since it is an address for other connections.
    type: str
    vars:
      - name: inventory_hostname
      - name: libvirt_name
      - name: libvirt_uuid
      - name: ansible_libvirt_domain
  uri:
    description:
      - The connection URI of the hypervisor, as C(virsh --connect) takes it. It is opened on the controller.
      - Without it, it is V(qemu:///system).
      - With C(qemu+ssh), each task makes an SSH connection to the hypervisor. C(ControlMaster) in the SSH client's configuration
        lets them share one.
    type: str
    env:
      - name: LIBVIRT_DEFAULT_URI
    vars:
      - name: libvirt_uri
      - name: ansible_libvirt_uri
  auth_username:
    description:
      - Who to authenticate as at the hypervisor, for a connection that asks for it, for example C(qemu+tcp) with SASL.
    type: str
    env:
      - name: LIBVIRT_USERNAME
    vars:
      - name: ansible_libvirt_username
  auth_password:
    description:
      - The password for O(auth_username).
    type: str
    env:
      - name: LIBVIRT_PASSWORD
    vars:
      - name: ansible_libvirt_password
  remote_user:
    description:
      - The user that the agent runs as in the guest. The agent decides that. C(ansible_user), which is a user for SSH, does not count.
    type: str
    default: root
    vars:
      - name: ansible_libvirt_agent_user
  executable:
    description:
      - A POSIX shell of the guest.
    type: str
    default: /bin/sh
    vars:
      - name: ansible_executable
  timeout:
    description:
      - How long the guest agent may take to answer, in seconds, and how long it may be absent, for instance while it is updated.
        After that the guest is unreachable.
      - A guest that is off, is paused, or has no channel for an agent is unreachable at once.
    type: float
    default: 10
    env:
      - name: ANSIBLE_TIMEOUT
    ini:
      - section: defaults
        key: timeout
    vars:
      - name: ansible_timeout
      - name: ansible_libvirt_timeout
    cli:
      - name: timeout
  hypervisor_timeout:
    description:
      - How long the hypervisor may be silent, in seconds, when it is connected to and later. V(0) stands for no limit.
    type: float
    default: 30
    vars:
      - name: ansible_libvirt_hypervisor_timeout
  command_timeout:
    description:
      - How long a command may run in the guest, in seconds. The task then fails, and the command goes on. V(0) stands for no limit.
    type: float
    default: 0
    vars:
      - name: ansible_libvirt_command_timeout
  chunk_size:
    description:
      - How many bytes of a file or of a command's output the guest is asked for at once, from 4096 to 2097152.
    type: int
    default: 1048576
    vars:
      - name: ansible_libvirt_chunk_size
  pipelining:
    description:
      - Modules are sent to the input of the guest's Python instead of into a file, which takes a third of the calls.
    type: bool
    default: true
    env:
      - name: ANSIBLE_PIPELINING
    ini:
      - section: defaults
        key: pipelining
    vars:
      - name: ansible_pipelining
requirements:
  - libvirt-python on the controller, in the Python that runs Ansible
notes:
  - The agent has to allow C(guest-exec) and C(guest-exec-status), and for files C(guest-file-open), C(guest-file-read),
    C(guest-file-write), C(guest-file-flush) and C(guest-file-close). RHEL and its relatives block them by default. The guide says how to
    allow them.
  - The agent has no terminal. A password of C(become) is given to C(sudo) only. Other methods get none where the agent is root, and are
    refused where it isn't.
"""

import contextlib
import secrets
import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound
from ansible.module_utils.common.text.converters import to_bytes, to_text
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display
from ansible_collections.declarative.libvirt.plugins.module_utils._errors import ExpectedError
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.agent_channel import (
    Unreachable,
    channel_to,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.connection import (
    connected,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.errors import (
    LostConnection,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor.libvirt_import import (
    LIBVIRT_IMPORT_ERROR,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.errors import on_one_line
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.guest.script import (
    with_password,
)
from ansible_collections.declarative.libvirt.plugins.module_utils._manage.guest.session import (
    Login,
    Session,
)

display = Display()


class Connection(ConnectionBase):  # type: ignore[misc]
    """A guest, through its agent."""

    transport = "declarative.libvirt.agent"
    has_pipelining = True
    has_tty = False
    default_user = "root"

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = contextlib.ExitStack()
        self._session: Session | None = None

    def _connect(self) -> Connection:
        self._guest()
        return self

    def _guest(self) -> Session:
        """The guest, connected to at the first use."""
        if self._session is None:
            if LIBVIRT_IMPORT_ERROR is not None:
                raise AnsibleError(
                    "libvirt-python is missing in the Python that runs Ansible; install it there"
                )
            with self._failures(), contextlib.ExitStack() as stack:
                try:
                    hypervisor = stack.enter_context(
                        connected(
                            self.get_option("uri"),
                            self.get_option("auth_username"),
                            self.get_option("auth_password"),
                            self.get_option("hypervisor_timeout"),
                        )
                    )
                except ExpectedError as error:
                    raise Unreachable(str(error)) from error
                channel = channel_to(hypervisor, self._domain, self.get_option("timeout"))
                self._session = Session(channel, self._login())
                self._open = stack.pop_all()
            self._connected = True
            display.vvv("CONNECTED to the guest agent", host=self._domain)
        return self._session

    @property
    def _domain(self) -> str:
        return str(self.get_option("domain"))

    def _login(self) -> Login:
        return Login(
            self.get_option("executable"),
            self.get_option("remote_user"),
            self.get_option("timeout"),
            self.get_option("command_timeout"),
            self.get_option("chunk_size"),
        )

    def exec_command(
        self, cmd: str, in_data: bytes | None = None, sudoable: bool = True
    ) -> tuple[int, bytes, bytes]:
        """Run a command of the shell in the guest."""
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        guest = self._guest()
        display.vvv(f"EXEC {to_text(cmd)}", host=self._domain)
        stdin = None if in_data is None else to_bytes(in_data)
        asks = sudoable and self._asks_password(cmd)
        if asks:
            mark = secrets.token_hex(16)
            password = to_bytes(self.become.get_option("become_pass"))
            cmd = with_password(cmd, self.become.success, mark)
            stdin = b"\n".join([password, mark.encode(), stdin or b""])
        with self._failures():
            ended = guest.run(to_bytes(cmd, errors="surrogate_or_strict"), stdin)
        stderr = ended.stderr
        if asks:
            stderr = self._without_prompt(ended.rc, ended.stdout, stderr)
        return ended.rc, ended.stdout, stderr

    def _asks_password(self, cmd: str) -> bool:
        become = self.become
        if become is None or not become.expect_prompt() or f"echo {become.success}" not in cmd:
            return False
        if become.name.rpartition(".")[2].startswith("sudo"):
            return True
        if self.get_option("remote_user") == self.default_user:
            # Nothing asks root.
            return False
        raise AnsibleError(
            f"become_method {become.name} asks for its password on a terminal, which the guest agent does not "
            "have; use sudo, or leave out the password"
        )

    def _without_prompt(self, rc: int, stdout: bytes, stderr: bytes) -> bytes:
        """What a command of another user wrote as errors.

        :raises AnsibleError: the password was wrong.
        """
        become = self.become
        if rc and to_bytes(become.success) not in stdout:
            if become.check_incorrect_password(stderr):
                raise AnsibleError(f"Incorrect {become.name} password")
            if become.check_missing_password(stderr):
                raise AnsibleError(f"Missing {become.name} password")
        return stderr.replace(to_bytes(become.prompt), b"", 1)

    def put_file(self, in_path: str, out_path: str) -> None:
        """Copy a file of the controller into the guest."""
        super().put_file(in_path, out_path)
        guest = self._guest()
        display.vvv(f"PUT {in_path} TO {out_path}", host=self._domain)
        with _readable(in_path) as source, self._failures():
            guest.put(source, to_bytes(out_path, errors="surrogate_or_strict"))

    def fetch_file(self, in_path: str, out_path: str) -> None:
        """Copy a file of the guest to the controller."""
        super().fetch_file(in_path, out_path)
        guest = self._guest()
        display.vvv(f"FETCH {in_path} TO {out_path}", host=self._domain)
        try:
            with self._failures():
                guest.fetch(to_bytes(in_path, errors="surrogate_or_strict"), out_path)
        except OSError as error:
            raise AnsibleError(f"can't write {to_text(out_path)}: {error.strerror}") from error

    def reset(self) -> None:
        """Connect anew."""
        self.close()
        self._connect()

    def close(self) -> None:
        """End the connection to the hypervisor."""
        self._session = None
        self._connected = False
        self._open.close()

    @contextlib.contextmanager
    def _failures(self) -> t.Iterator[None]:
        """Turn our errors into Ansible's, of which some make a host unreachable.

        Ansible repeats the messages of causes, so there is none.
        """
        try:
            yield
        except (Unreachable, LostConnection) as error:
            self.close()
            raise AnsibleConnectionFailure(self._message(error)) from None
        except ExpectedError as error:
            raise AnsibleError(self._message(error)) from None

    def _message(self, error: ExpectedError) -> str:
        return on_one_line(f"domain '{self._domain}': {error}")


@contextlib.contextmanager
def _readable(path: str) -> t.Iterator[t.BinaryIO]:
    """A file of the controller."""
    try:
        with open(to_bytes(path, errors="surrogate_or_strict"), "rb") as file:
            yield file
    except FileNotFoundError as error:
        raise AnsibleFileNotFound(f"there is no file {to_text(path)}") from error
    except OSError as error:
        raise AnsibleError(f"can't read {to_text(path)}: {error.strerror}") from error
