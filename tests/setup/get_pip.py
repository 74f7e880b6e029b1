# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bootstraps pip from what Python brings, where ansible-test expects a downloaded get-pip.py."""

from __future__ import annotations

import ensurepip
import os
import subprocess
import sys

#: Of get-pip.py, not of pip.
OWN_OPTIONS = {"--no-setuptools", "--no-wheel"}

if __name__ == "__main__":
    # ensurepip turns off the configuration of pip in its own environment, for good.
    environment = dict(os.environ)
    ensurepip.bootstrap(default_pip=True)
    arguments = [argument for argument in sys.argv[1:] if argument not in OWN_OPTIONS]
    command = [sys.executable, "-m", "pip", "install", *arguments]
    sys.exit(subprocess.call(command, env=environment))
