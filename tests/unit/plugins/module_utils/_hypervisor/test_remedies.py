# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remedy fits the error; codes and messages are those of libvirt 9.0."""

from __future__ import annotations

import pytest
from ansible_collections.declarative.libvirt.plugins.module_utils._hypervisor import errors


class _Error:
    """As a ``libvirtError``."""

    def __init__(self, code: int, domain: int, number: int, message: str) -> None:
        self._code, self._domain, self._number, self._message = code, domain, number, message

    def get_error_code(self) -> int:
        return self._code

    def get_error_domain(self) -> int:
        return self._domain

    def get_int1(self) -> int:
        return self._number

    def get_error_message(self) -> str:
        return self._message


@pytest.mark.parametrize(
    ("code", "number", "message", "advice"),
    [
        (38, 2, "Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file", "pkipath="),
        (45, -1, "authentication failed: Failed to verify peer's certificate", "host of the uri"),
        (45, -1, "authentication failed: authentication failed", "set auth"),
        (38, 104, "Cannot recv data: Connection reset by peer", "see in its log why"),
        (
            38,
            104,
            "Cannot recv data: ssh: connect to host kvm1 port 22: Connection refused: Connection "
            "reset by peer",
            "reached with ssh",
        ),
        (38, 2, "Failed to connect socket to '/run/libvirt/libvirt-sock'", "start the hypervisor"),
        (38, 111, "unable to connect to server at 'kvm1:16514': Connection refused", "start the"),
    ],
)
def test_a_connection_that_fails(code: int, number: int, message: str, advice: str) -> None:
    found = errors.remedy(_Error(code, 7, number, message), is_opening=True)
    assert found is not None
    assert advice in found


@pytest.mark.parametrize(
    ("code", "domain", "number", "message", "advice"),
    [
        (
            *(38, 18, 13),
            "Cannot access storage file '/home/me/x.qcow2' (as uid:64055, gid:108): Permission denied",
            "setfacl",
        ),
        (
            *(1, 18, -1),
            "internal error: Child process (/usr/bin/qemu-img create -f qcow2 /a 1K) unexpected exit status 1: "
            "qemu-img: /a: Could not create '/a': Read-only file system",
            "mount the file system for writing",
        ),
        (*(38, 18, 30), "cannot unlink file '/a': Read-only file system", "mount the file system"),
        (
            *(1, 10, -1),
            "internal error: qemu-system-x86_64: -blockdev {}: Could not open '/home/me/x.qcow2': "
            "Permission denied",
            "setfacl",
        ),
        (
            *(1, 10, -1),
            "internal error: qemu-system-x86_64: Could not access KVM kernel module: Permission denied",
            "/dev/kvm",
        ),
        (
            *(1, 10, -1),
            'internal error: qemu-system-x86_64: -device {}: Failed to get "write" lock',
            "another guest or program",
        ),
        (
            *(1, 10, -1),
            "internal error: process exited while connecting to monitor: qemu-system-x86_64: error: "
            "failed to set MSR 0x10a to 0x69",
            "/var/log/libvirt/qemu",
        ),
        (
            *(1, 10, -1),
            "internal error: QEMU unexpectedly closed the monitor (vm='web'): qemu-system-x86_64: -foo: "
            "invalid option",
            "correct what QEMU names",
        ),
        (
            *(68, 10, -1),
            "Timed out during operation: cannot acquire state change lock (held by monitor=init-web1)",
            "restart libvirtd (or virtqemud) while it is off",
        ),
        (
            *(68, 10, -1),
            "Timed out during operation: cannot acquire state change lock (held by "
            "monitor=remoteDispatchDomainSave)",
            "wait until the operation in progress has ended",
        ),
        (
            *(1, 0, -1),
            "internal error: Child process (/usr/bin/qemu-img convert /a /b) unexpected exit status 1: qemu-img: "
            "Could not open '/a': Could not open backing file: Could not open '/c': No such file or directory",
            "qemu-img rebase",
        ),
        (
            *(8, 18, -1),
            "invalid argument: A single <secret type='passphrase'...> element is expected in encryption description",
            "copy it with qemu-img",
        ),
        (67, 10, -1, "operation failed: Unable to find any firmware to satisfy 'efi'", "ovmf"),
        (38, 7, 13, "Failed to connect socket to '/run/x': Permission denied", "become: true"),
    ],
)
def test_a_guest_that_does_not_start(
    code: int, domain: int, number: int, message: str, advice: str
) -> None:
    found = errors.remedy(_Error(code, domain, number, message))
    assert found is not None
    assert advice in found
