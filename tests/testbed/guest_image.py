# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small Linux that boots from a kernel and an initial RAM disk in seconds.

Usage: guest_image.py FOLDER

Its parts are Debian's packages, which are downloaded and unpacked, not
installed: the cloud kernel, busybox, the QEMU guest agent and dropbear. Beside them there
is a disk with the Python of this machine, for guests that get /usr from it.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import typing as t

_KERNEL = "linux-image-cloud-amd64"
_PROGRAMS = ("busybox-static", "qemu-guest-agent", "dropbear-bin")
_LIBRARIES = ("libtomcrypt1", "libtommath1")
_MODULES = (
    *("virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtio_rng"),
    *("virtio_balloon", "virtio_mem", "virtio_scsi", "sd_mod", "sr_mod", "isofs"),
    *("button", "evdev"),
)
_INIT = """\
#!/bin/sh
export PATH=/sbin:/bin:/usr/sbin:/usr/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod /modules/$module; done
ip link set lo up
mkdir -p /dev/virtio-ports /var/run /var/log /var/lock
for port in /sys/class/virtio-ports/*; do
    [ -e $port/name ] && ln -s /dev/$(basename $port) /dev/virtio-ports/$(cat $port/name)
done
says() { grep -qw "$1" /proc/cmdline; }
says ignore-acpi || acpid
# What follows the name of an argument of the kernel.
value() { sed -n "s/.*\\b$1=\\([^ ]*\\).*/\\1/p" /proc/cmdline; }
[ -z "$(value usr)" ] || mount -t ext4 -o ro $(value usr) /usr
says no-agent || start-agent
if says ssh; then
    mkdir -p /dev/pts /etc/dropbear
    mount -t devpts devpts /dev/pts
    dropbear -R
fi
# There is no udev: what is plugged in is found by looking.
while true; do
    for interface in /sys/class/net/eth*; do
        name=$(basename $interface)
        [ -e $interface ] && [ ! -e /var/run/$name ] || continue
        touch /var/run/$name
        ip link set $name up
        udhcpc -i $name -b -q -t 5 -s /bin/lease >/dev/null 2>&1 &
    done
    for switch in /sys/devices/system/cpu/cpu*/online /sys/devices/system/memory/memory*/online; do
        [ -e $switch ] && [ "$(cat $switch)" = 0 ] && echo 1 >$switch 2>/dev/null
    done
    sleep 0.2
done
"""
_AGENT = """\
#!/bin/sh
blocked=$(sed -n "s/.*\\bblock-rpcs=\\([^ ]*\\).*/\\1/p" /proc/cmdline)
exec qemu-ga --daemonize --method virtio-serial ${blocked:+--block-rpcs=$blocked} \\
    --path /dev/virtio-ports/org.qemu.guest_agent.0
"""
#: The agent calls it, and busybox has none. It keeps a hash that nobody can log in with.
_CHPASSWD = """\
#!/bin/sh
IFS=: read -r user password
[ "$1" = -e ] || password=$(printf %s "$password" | md5sum | cut -c1-32)
sed -i "s|^$user:[^:]*|$user:$password|" /etc/shadow
"""
#: Files by their paths.
_ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000:guest:/home/guest:/bin/sh\n",
    "etc/group": "root:x:0:\nguest:x:1000:\n",
    "etc/shadow": "root:*:19000:0:99999:7:::\nguest:*:19000:0:99999:7:::\n",
}
_PYTHON = "/usr/bin/python3"
_UNUSED = ("test", "idlelib", "tkinter", "turtledemo", "ensurepip", "pydoc_data", "lib2to3")
_LEASE = """\
#!/bin/sh
[ "$1" = bound ] && ip address add $ip/$mask dev $interface
exit 0
"""
_POWER_OFF = "#!/bin/sh\nexec poweroff -f\n"


def build(folder: pathlib.Path) -> None:
    """Make ``vmlinuz`` and ``initrd`` in this folder, unless they are there."""
    kernel, initrd = folder / "vmlinuz", folder / "initrd"
    if initrd.exists() and initrd.stat().st_mtime > os.stat(__file__).st_mtime:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = pathlib.Path(scratch) / "unpacked"
        _unpack(pathlib.Path(scratch), unpacked)
        root = pathlib.Path(scratch) / "root"
        _fill(root, unpacked)
        shutil.copyfile(next((unpacked / "boot").glob("vmlinuz-*")), kernel)
        _make_usr(pathlib.Path(scratch) / "usr", folder / "usr.img")
        initrd.write_bytes(b"".join(_archive(root)))


def _make_usr(usr: pathlib.Path, image: pathlib.Path) -> None:
    """A file system with Python, to be mounted at /usr."""
    python = pathlib.Path(_PYTHON).resolve()
    library = pathlib.Path("/usr/lib", python.name)
    shutil.copytree(
        library, usr / "lib" / python.name, ignore=shutil.ignore_patterns(*_UNUSED), symlinks=False
    )
    (usr / "bin").mkdir()
    shutil.copy(python, usr / "bin" / "python3")
    libraries = usr / "lib" / "x86_64-linux-gnu"
    libraries.mkdir()
    for needing in (python, *(library / "lib-dynload").glob("*.so")):
        for needed in _libraries(needing):
            if needed.startswith(("/lib/", "/usr/lib/")):
                shutil.copy(needed, libraries)
    image.unlink(missing_ok=True)
    command = ["mke2fs", "-q", "-t", "ext2", "-d", str(usr), str(image), "96M"]
    subprocess.run(command, check=True)


def _unpack(scratch: pathlib.Path, unpacked: pathlib.Path) -> None:
    command = ["apt-get", "--quiet", "download"]
    packages = (_kernel_package(), *_PROGRAMS, *_LIBRARIES)
    if subprocess.run([*command, *packages], cwd=scratch, check=False).returncode:
        # The lists of packages name versions that are no longer there.
        subprocess.run(["apt-get", "--quiet", "update"], check=True)
        packages = (_kernel_package(), *packages[1:])
        subprocess.run([*command, *packages], cwd=scratch, check=True)
    for package in scratch.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", package, unpacked], check=True)


def _kernel_package() -> str:
    told = subprocess.run(
        ["apt-cache", "depends", _KERNEL], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"Depends: (linux-image-\S+)", told)
    return found[1] if found is not None else _KERNEL


def _fill(root: pathlib.Path, unpacked: pathlib.Path) -> None:
    for name in ("bin", "sbin", "proc", "sys", "dev", "tmp", "var", "etc/acpi/PWRF", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy(unpacked / "bin" / "busybox", root / "bin")
    applets = subprocess.run(
        [root / "bin" / "busybox", "--list"], capture_output=True, text=True, check=True
    ).stdout.split()
    for applet in applets:
        if applet not in ("busybox", "shutdown"):
            (root / "bin" / applet).symlink_to("busybox")
    own = unpacked / "usr" / "lib" / "x86_64-linux-gnu"
    for program in ("qemu-ga", "dropbear"):
        shutil.copy(unpacked / "usr" / "sbin" / program, root / "bin")
        for library in _libraries(unpacked / "usr" / "sbin" / program, own):
            target = root / library.lstrip("/")
            if own in pathlib.Path(library).parents:
                # /usr may be a disk.
                target = root / "lib" / own.name / pathlib.Path(library).name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
    _program(root / "init", _INIT)
    _program(root / "bin" / "lease", _LEASE)
    _program(root / "bin" / "start-agent", _AGENT)
    _program(root / "bin" / "chpasswd", _CHPASSWD)
    for name, text in _ACCOUNTS.items():
        (root / name).write_text(text)
    (root / "root").mkdir(mode=0o700)
    for name in ("tmp", "var/tmp"):
        (root / name).mkdir(exist_ok=True)
        (root / name).chmod(0o1777)
    (root / "home" / "guest").mkdir(parents=True)
    (root / "usr").mkdir(exist_ok=True)
    # What the power button and the agent call.
    _program(root / "etc" / "acpi" / "PWRF" / "00000080", _POWER_OFF)
    _program(root / "sbin" / "shutdown", _POWER_OFF)
    modules = list(_with_dependencies(unpacked / "lib" / "modules"))
    for module in modules:
        shutil.copy(module, root / "modules")
    (root / "modules" / "order").write_text("\n".join(module.name for module in modules))


def _program(path: pathlib.Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _libraries(program: pathlib.Path, own: pathlib.Path | None = None) -> list[str]:
    """What a program needs, of this machine or else of its own folder."""
    told = subprocess.run(
        ["ldd", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LD_LIBRARY_PATH": str(own or "")},
    ).stdout
    assert "not found" not in told, told
    return re.findall(r"(/\S+) \(0x", told)


def _with_dependencies(folder: pathlib.Path) -> t.Iterator[pathlib.Path]:
    """The modules in the order in which they can be loaded."""
    files = {path.stem.replace("-", "_"): path for path in folder.rglob("*.ko")}
    done: set[str] = set()

    def visit(name: str) -> t.Iterator[pathlib.Path]:
        # One that has no file is built in.
        if name in done or name not in files:
            return
        done.add(name)
        found = re.search(rb"\0depends=([^\0]*)\0", files[name].read_bytes())
        for needed in (found[1].decode() if found else "").split(","):
            yield from visit(needed.replace("-", "_"))
        yield files[name]

    for name in _MODULES:
        yield from visit(name)


def _archive(root: pathlib.Path) -> t.Iterator[bytes]:
    """The tree in cpio's format newc: docs.kernel.org, initramfs-buffer-format."""
    for number, path in enumerate(sorted(root.rglob("*")), 1):
        status = path.lstat()
        content = b""
        if path.is_symlink():
            content = os.readlink(path).encode()
        elif path.is_file():
            content = path.read_bytes()
        yield _entry(str(path.relative_to(root)), number, status.st_mode, content)
    yield _entry("TRAILER!!!", 0, stat.S_IFREG, b"")


def _entry(name: str, number: int, mode: int, content: bytes) -> bytes:
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + "".join(f"{field:08x}" for field in fields).encode()
    return _padded(head + name.encode() + b"\0") + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


if __name__ == "__main__":
    build(pathlib.Path(sys.argv[1]))
