# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What libvirt's errors mean, and what a person can do about them."""

from __future__ import annotations

import contextlib
import errno
import typing as t

from .._errors import ExpectedError
from .._secrecy import shown
from .libvirt_import import libvirt


class HypervisorError(ExpectedError):
    """libvirt refused or failed; the message is one line.

    It has the attempt, libvirt's reason, and the remedy where the table below has one. It
    doesn't name the domain that the task is about.
    """


class UnknownOutcome(HypervisorError):
    """A guest may run with the new volumes; the message ends with *run the task again*."""


class LostConnection(UnknownOutcome):
    """The connection broke: it is unknown whether libvirt has made the change."""


class Remedy(t.NamedTuple):
    """The remedy for an error.

    The numbers are those of ``virErrorNumber`` and ``virErrorDomain`` in
    libvirt's ``virterror.h``. ``number`` is the operating system's
    ``errno``, which libvirt gives along with VIR_ERR_SYSTEM_ERROR. ``words`` are a part of
    libvirt's message, where only that tells. ``is_opening``: the row is about errors before there
    is a connection.
    """

    advice: str
    code: int | None = None
    domain: int | None = None
    number: int | None = None
    words: str = ""
    is_opening: bool = False

    def fits(self, code: int, domain: int, number: int, message: str) -> bool:
        """Whether the row is about this error."""
        return (
            self.code in (None, code)
            and self.domain in (None, domain)
            and self.number in (None, number)
            and self.words in message
        )


_PERMISSION = (
    "run the task as root (become: true), or as a user that libvirt's policy allows to manage "
    "domains, usually a member of the group libvirt"
)
_DAEMON = (
    "start the hypervisor's daemon, libvirtd or virtqemud, or set uri to a hypervisor that runs"
)
_READ_ONLY = "use a uri that doesn't name libvirt's read-only socket"
_DOCUMENT = "correct that part of the task"
_CERTIFICATES = (
    "put cacert.pem, clientcert.pem and clientkey.pem where libvirt looks for them, or into a folder "
    "that the uri names, as in qemu+tls://HOST/system?pkipath=/FOLDER"
)
_PEER = (
    "write the host of the uri as the certificate of the hypervisor has it, and see that both "
    "certificates are signed by the same CA and have not expired"
)
_RIGHTS_OF_QEMU = (
    "QEMU's own user can't open it: put it below /var/lib/libvirt/images, or let that user into each "
    "folder above it, with setfacl -m u:USER:x FOLDER"
)
_LOCKED = "another guest or program has the image; end that, or give the guest an image of its own"
_NO_KVM = "let QEMU's user open /dev/kvm, as udevadm trigger /dev/kvm does, or set virt_type: qemu"
_FIRMWARE = (
    "install the firmware on the hypervisor's host (ovmf, or edk2-ovmf), or ask for features that it "
    "has"
)
_QEMU_ENDED = (
    "correct what QEMU names; all that it has said is on the hypervisor's host, in the guest's log in "
    "/var/log/libvirt/qemu"
)
_HUNG_UP = "the daemon has ended or refuses the connection; see in its log why"
_CREDENTIALS = "set auth, or the client's authentication file, to a user that the hypervisor knows"

_BASE = "put back what the image is based on, or name that in the image where it is now, with qemu-img rebase"
_ENCRYPTED = "libvirt can't copy an encrypted image; copy it with qemu-img"

_KEPT_JOB = (
    "the daemon still connects to the guest, or keeps a job from before it was killed; if that lasts, "
    "shut the guest down, restart libvirtd (or virtqemud) while it is off, then run the task again"
)
_ROOM = "make room for it on the hypervisor's host, then run the task again"
_UNWRITABLE = "mount the file system for writing on the hypervisor's host, then run the task again"
_LOST = "the connection to libvirt was lost; check that libvirtd runs, then run the task again"

#: The first row that fits holds.
REMEDIES: tuple[Remedy, ...] = (
    # The remote driver: TLS needs files of the client, and checks the names in certificates.
    Remedy(_CERTIFICATES, code=38, domain=7, words="Cannot read CA certificate"),
    Remedy(_CERTIFICATES, code=38, domain=7, words="Cannot read certificate"),
    Remedy(_CERTIFICATES, code=38, domain=7, words="Cannot read private key"),
    Remedy(_PEER, code=45, domain=7, words="verify peer's certificate"),
    # The peer has hung up without a word; that of ssh stands before it.
    Remedy(_HUNG_UP, code=38, domain=7, words="Cannot recv data: Connection reset by peer"),
    # The start of a guest: what QEMU may not do is no matter of the task's user.
    Remedy(_RIGHTS_OF_QEMU, code=38, number=errno.EACCES, words="Cannot access storage file"),
    Remedy(_NO_KVM, code=1, words="Could not access KVM kernel module"),
    Remedy(_RIGHTS_OF_QEMU, code=1, words="': Permission denied"),
    Remedy(_LOCKED, code=1, words='Failed to get "write" lock'),
    # qemuProcessReportLogError puts what QEMU said last behind one of these.
    Remedy(_QEMU_ENDED, code=1, words="process exited while connecting to monitor"),
    Remedy(_QEMU_ENDED, code=1, words="unexpectedly closed the monitor"),
    # qemu-img, whose words virCommand has behind its command line.
    Remedy(_BASE, code=1, words="Could not open backing"),
    # storageBackendCreateQemuImgCheckEncryption: the image that is copied has no secret.
    Remedy(_ENCRYPTED, words="A single <secret type='passphrase'...> element is expected"),
    Remedy(_FIRMWARE, words="Unable to find any firmware"),
    Remedy(_PERMISSION, code=38, number=errno.EACCES),
    Remedy(_PERMISSION, code=38, number=errno.EPERM),
    Remedy(_ROOM, code=38, number=errno.ENOSPC),
    Remedy(_ROOM, code=38, number=errno.EDQUOT),
    Remedy(_UNWRITABLE, code=38, number=errno.EROFS),
    # qemu-img, whose words libvirt gives without a number.
    Remedy(_UNWRITABLE, code=1, words="Read-only file system"),
    Remedy(_ROOM, code=1, words="No space left on device"),
    # The remote driver: nothing listens where the URI points to.
    Remedy(_DAEMON, code=38, domain=7, number=errno.ENOENT),
    Remedy(_DAEMON, code=38, domain=7, number=errno.ECONNREFUSED),
    Remedy("check that the host of the uri can be reached with ssh, tls or tcp", code=38, domain=7),
    # D-Bus and polkit decide who may use the socket.
    Remedy(_PERMISSION, domain=47),
    Remedy(_PERMISSION, domain=60),
    Remedy(_PERMISSION, code=80),
    Remedy(_PERMISSION, code=88),
    Remedy(_CREDENTIALS, code=45),
    Remedy(_CREDENTIALS, code=79),
    Remedy(_READ_ONLY, code=29),
    Remedy("check uri", code=5, is_opening=True),
    Remedy("check uri", code=1, domain=0, is_opening=True),
    Remedy("check uri", code=1, domain=45, is_opening=True),
    Remedy("check uri", code=8, domain=13, is_opening=True),
    Remedy(_DOCUMENT, code=27),
    Remedy(_DOCUMENT, code=35),
    Remedy(_DOCUMENT, code=92),
    Remedy(f"{_DOCUMENT}, or use a hypervisor that supports it", code=67),
    Remedy("define the network, or plug the interface into another", code=43),
    Remedy("start the network, as the module network does with state: active", code=55, domain=19),
    Remedy("define the pool, or give another", code=49),
    Remedy(
        "correct source.devices of the pool",
        code=55,
        domain=18,
        words="Source device does not exist",
    ),
    Remedy("start the pool, by the module pool or virsh pool-start", code=55, domain=18),
    Remedy("run the task again to see what is there now", code=42),
    # Another task may have made it in between.
    Remedy("run the task again to see what is there now", code=90),
    # qemuProcessReconnectHelper: the thread of a daemon that has just started has this name.
    Remedy(_KEPT_JOB, code=68, words="held by monitor=init-"),
    Remedy("wait until the operation in progress has ended, then run the task again", code=68),
)


@contextlib.contextmanager
def explained(doing: str, connection: t.Any = None, advice: str = "") -> t.Iterator[None]:
    """Turn libvirt's errors within the block into :class:`HypervisorError`.

    ``doing`` completes "libvirt failed to …". ``connection`` (a ``virConnect``) is needed to
    recognise a broken connection. ``advice`` is the remedy where the table has none.
    """
    try:
        yield
    except libvirt.libvirtError as error:
        message = f"libvirt failed to {doing}: {reason(error)}"
        if connection is not None and not _alive(connection):
            raise LostConnection(f"{message}; {_LOST}") from error
        advice = remedy(error, connection is None) or advice
        raise HypervisorError(f"{message}; {advice}" if advice else message) from error


def reason(error: t.Any) -> str:
    """The message of a ``libvirtError``, on one line and without secrets."""
    message = error.get_error_message() or str(error)
    return shown("; ".join(line.strip() for line in message.splitlines() if line.strip()))


def is_code(error: t.Any, *names: str) -> bool:
    """Whether a ``libvirtError`` has one of these codes, named as in C."""
    return error.get_error_code() in {getattr(libvirt, name, None) for name in names}


def remedy(error: t.Any, is_opening: bool = False) -> str | None:
    """What a person can do about a ``libvirtError``; ``None`` where the table has no row."""
    code, domain, number = error.get_error_code(), error.get_error_domain(), error.get_int1()
    message = error.get_error_message() or ""
    for row in REMEDIES:
        if row.fits(code, domain, number, message) and (is_opening or not row.is_opening):
            return row.advice
    return None


def _alive(connection: t.Any) -> bool:
    try:
        return bool(connection.isAlive())
    except libvirt.libvirtError:
        return False
