# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the hypervisors: read now, or kept from an earlier run."""

from __future__ import annotations

import hashlib
import json
import os
import time
import typing as t

from ansible.plugins.inventory import get_cache_plugin

from ...module_utils._manage.errors import TaskError
from ...module_utils._manage.inventory.options import Options
from ...module_utils._manage.inventory.process import read_in_process
from ...module_utils._manage.inventory.wish import Source, Wish

#: What doesn't change the answer of a hypervisor that answers.
_PATIENCE = ("timeout", "agent_timeout")


class Known:
    """The hypervisors of one file.

    The cache has a text: Ansible looks at each part of anything else that it reads. It also has
    the time of each answer, so that one that is too old is still there when no other can be had.
    """

    def __init__(self, plugin: t.Any, path: str, may_read: bool) -> None:
        self._plugin = plugin
        self._is_on = bool(plugin.get_option("cache"))
        self._may_read = self._is_on and may_read
        self._key = plugin.get_cache_key(path)
        if self._is_on:
            plugin._cache = self._lasting_cache()

    def hypervisors(self, options: Options) -> list[dict[str, t.Any]]:
        """The answers in the order of the sources; some may be old.

        :raises TaskError: a hypervisor can't be read, and ``strict_uris`` is on or nothing is
            known of any.
        """
        by_key = {_key(source, options.wish): source for source in options.sources}
        kept = self._kept()
        fresh = {
            key: entry for key, entry in kept.items() if key in by_key and self._is_fresh(entry)
        }
        missing = [key for key in by_key if key not in fresh]
        if missing:
            answers = read_in_process([by_key[key] for key in missing], options.wish)
            failed = [answer["error"] for answer in answers if answer["error"] is not None]
            if failed and self._plugin.get_option("strict_uris"):
                raise TaskError(failed[0])
            now = int(time.time())
            for key, answer in zip(missing, answers):
                if answer["error"] is None:
                    fresh[key] = {"time": now, "answer": answer}
                else:
                    self._warn(answer, kept.get(key))
            known = {**{key: kept[key] for key in by_key if key in kept}, **fresh}
            if not known:
                raise TaskError("; ".join(failed))
            if self._is_on:
                self._plugin.cache[self._key] = {"hypervisors": json.dumps(known)}
        else:
            known = fresh
        return [
            {**known[key]["answer"], "name": source.name}
            for key, source in by_key.items()
            if key in known
        ]

    def _warn(self, answer: t.Mapping[str, t.Any], old: t.Mapping[str, t.Any] | None) -> None:
        message = f"{answer['uri']}: {answer['error']}"
        if old is not None:
            count = len(old["answer"]["guests"])
            at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(old["time"]))
            message += f"; its {count} guests are those of {at}"
        self._plugin.display.warning(message)
        if "traceback" in answer:
            self._plugin.display.vvv(answer["traceback"])

    def _kept(self) -> dict[str, t.Any]:
        if not self._is_on:
            return {}
        try:
            kept: dict[str, t.Any] = json.loads(self._plugin.cache[self._key]["hypervisors"])
        except (KeyError, TypeError, ValueError):
            return {}
        return kept

    def _is_fresh(self, entry: t.Mapping[str, t.Any]) -> bool:
        if not self._may_read:
            return False
        timeout = self._plugin.get_option("cache_timeout")
        return not timeout or 0 <= time.time() - entry["time"] < float(timeout)

    def _lasting_cache(self) -> t.Any:
        """The cache of the options, in which nothing gets old by itself."""
        plugin = self._plugin
        options = {"_timeout": 0}
        for ours, name in (("_uri", "cache_connection"), ("_prefix", "cache_prefix")):
            if plugin.get_option(name) is not None:
                options[ours] = plugin.get_option(name)
        return get_cache_plugin(plugin.get_option("cache_plugin"), **options)


def _key(source: Source, wish: Wish) -> str:
    """What an answer depends on, without the password."""
    asked = {name: value for name, value in wish._asdict().items() if name not in _PATIENCE}
    uri = source.uri or os.environ.get("LIBVIRT_DEFAULT_URI")
    text = json.dumps([uri, source.username, asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
