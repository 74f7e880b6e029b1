# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at the website in a browser: no page may be wider than its window.

Usage: docs_shots.py HTML SHOTS [PAGE...]

Takes pictures of the main pages, or of those named, in light and dark and at the widths of a
screen and of a telephone. It fails when a page, or a table within it, has to be scrolled
sideways. Code may be: it scrolls within itself.
"""

from __future__ import annotations

import contextlib
import functools
import html
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import typing as t

WIDTHS = (1300, 400)
_HEIGHTS = {1300: 1600, 400: 2400}
_SCHEMES = {"dark": 0, "light": 1}
MAIN = (
    *("index", "domain_module", "domain_device_module", "domain_info_module"),
    *("agent_connection", "libvirt_inventory", "virt_install_role"),
    *("docsite/options", "docsite/options_disk", "docsite/options_network"),
    *("docsite/guide_virt_install", "docsite/guide_running_guests", "docsite/guide_cloud_init"),
    *("docsite/guide_domain_xml", "docsite/live_changes", "docsite/architecture"),
)
_PROBE = """<!DOCTYPE html>
<title>Widths</title>
<pre id="result"></pre>
<script>
const pages = PAGES, widths = WIDTHS, found = [];
function seen(page, width) {
  return new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.style = `width: ${width}px; height: 900px; border: 0`;
    frame.onload = () => {
      const top = frame.contentDocument, root = top.documentElement;
      const wide = root.scrollWidth > root.clientWidth ? ["page"] : [];
      for (const table of top.querySelectorAll("article .table-wrapper, article table"))
        if (table.scrollWidth > table.clientWidth + 1) wide.push("table");
      const beyond = [...top.querySelectorAll("article *")].filter((part) =>
        !part.closest("pre, .highlight, svg") && part.getClientRects().length &&
        part.getBoundingClientRect().right > width + 1);
      for (const part of beyond)
        if (!beyond.some((other) => other !== part && part.contains(other)))
          wide.push(`${part.tagName.toLowerCase()} ${part.textContent.slice(0, 30)}`);
      found.push([page, width, root.scrollWidth, wide]);
      frame.remove();
      done();
    };
    frame.src = page;
    document.body.append(frame);
  });
}
(async () => {
  for (const page of pages) for (const width of widths) await seen(page, width);
  document.getElementById("result").textContent = JSON.stringify(found);
})();
</script>
"""


def _browser(*arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                *arguments,
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
    return done.stdout


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _served(folder: pathlib.Path) -> t.Iterator[str]:
    """The address of the pages: a frame shows its page only to a page of the same server."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def too_wide(folder: pathlib.Path, address: str, pages: t.Sequence[str]) -> list[str]:
    """What is wider than its window, of all pages."""
    probe = folder / "widths.html"
    text = _PROBE.replace("PAGES", json.dumps(pages)).replace("WIDTHS", json.dumps(WIDTHS))
    probe.write_text(text, encoding="utf-8")
    try:
        shown = _browser("--dump-dom", "--virtual-time-budget=300000", f"{address}/widths.html")
    finally:
        probe.unlink()
    result = re.search(r'<pre id="result">(.*?)</pre>', shown, re.DOTALL)
    found = json.loads(html.unescape(result[1])) if result and result[1] else []
    if len(found) != len(pages) * len(WIDTHS):
        raise SystemExit(f"the browser has looked at {len(found)} of {len(pages)} pages only")
    return [
        f"{page} at {width}: {', '.join(sorted(set(wide)))} ({wanted} wide)"
        for page, width, wanted, wide in found
        if wide
    ]


def main(folder: pathlib.Path, shots: pathlib.Path, *named: str) -> None:
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    shots.mkdir(parents=True, exist_ok=True)
    with _served(folder) as address:
        wide = too_wide(folder, address, pages)
        for page in named or MAIN:
            for width in WIDTHS:
                for scheme, number in _SCHEMES.items():
                    name = f"{page.replace('/', '_')}-{width}-{scheme}.png"
                    _browser(
                        f"--window-size={width},{_HEIGHTS[width]}",
                        f"--blink-settings=preferredColorScheme={number}",
                        f"--screenshot={shots / name}",
                        f"{address}/{page}.html",
                    )
    print(f"{len(pages)} pages at {len(WIDTHS)} widths; the pictures are in {shots}")
    if wide:
        raise SystemExit("too wide:\n" + "\n".join(wide))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:])
