# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of a keyboard by their names, and what is pressed together."""

from __future__ import annotations

import re

from .errors import KeyboardError

#: Names of keys without ``KEY_``, by blocks whose numbers follow each other, from
#: linux/input-event-codes.h. libvirt calls these numbers the codeset ``linux``.
_BLOCKS: dict[int, str] = {
    1: "esc 1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p leftbrace rightbrace enter "
    "leftctrl a s d f g h j k l semicolon apostrophe grave leftshift backslash z x c v b n m comma dot "
    "slash rightshift kpasterisk leftalt space capslock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 numlock scrolllock "
    "kp7 kp8 kp9 kpminus kp4 kp5 kp6 kpplus kp1 kp2 kp3 kp0 kpdot",
    85: "zenkakuhankaku 102nd f11 f12 ro katakana hiragana henkan katakanahiragana muhenkan kpjpcomma "
    "kpenter rightctrl kpslash sysrq rightalt linefeed home up pageup left right end down pagedown insert "
    "delete",
    113: "mute volumedown volumeup power kpequal kpplusminus pause",
    121: "kpcomma hangeul hanja yen leftmeta rightmeta compose stop again props undo front copy open paste "
    "find cut help menu calc",
    142: "sleep wakeup",
    183: "f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24",
}
#: Other names that people and programs use.
_ALIASES = {
    "ctrl": "leftctrl",
    "control": "leftctrl",
    "shift": "leftshift",
    "alt": "leftalt",
    "altgr": "rightalt",
    "super": "leftmeta",
    "meta": "leftmeta",
    "win": "leftmeta",
    "return": "enter",
    "escape": "esc",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "printscreen": "sysrq",
}
#: The most keys that libvirt presses together: VIR_DOMAIN_SEND_KEY_MAX_KEYS in libvirt-domain.h.
MOST = 16
_BETWEEN = re.compile("[-+]")

CODES: dict[str, int] = {
    name: number
    for first, names in _BLOCKS.items()
    for number, name in enumerate(names.split(), first)
}


def chord(text: str) -> tuple[int, ...]:
    """The numbers of the keys that are pressed together, such as ``ctrl-alt-f2``, in their order.

    :raises KeyboardError: there is no such key, or there are too many.
    """
    names = [name.strip() for name in _BETWEEN.split(text)]
    if len(names) > MOST:
        raise KeyboardError(
            f"'{text}' are {len(names)} keys, and {MOST} can be pressed together; press fewer"
        )
    return tuple(_code(name, text) for name in names)


def _code(name: str, text: str) -> int:
    key = name.lower()
    if key.startswith("key_"):
        key = key[len("key_") :]
    code = CODES.get(_ALIASES.get(key, key))
    if code is None:
        which = f"'{name}' of '{text}'" if name != text else f"'{text}'"
        raise KeyboardError(
            f"{which} is no key; use a name of Linux such as enter, f2, leftbrace or KEY_DOT, several joined by -, "
            "or type it as text"
        )
    return code
