# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The website of the documentation, which tests/setup/docs builds with Sphinx."""

from __future__ import annotations

import typing as t
import urllib.request

from docutils import nodes

if t.TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "declarative.libvirt"
copyright = "declarative.libvirt contributors"  # noqa: A001
html_title = html_short_title = project

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True

# furo has light and dark, and a page reads well on a telephone; the theme of docs.ansible.com
# has neither.
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = html_copy_source = html_use_index = False

intersphinx_mapping = {
    "python3": ("https://docs.python.org/3/", None),
    "jinja2": ("https://jinja.palletsprojects.com/", None),
    "ansible_devel": ("https://docs.ansible.com/projects/ansible/devel/", None),
}
# Without a way to their inventories, references to the documentation of others
# stay plain text.
try:
    urllib.request.urlopen("https://docs.ansible.com/", timeout=10).close()
except OSError:
    intersphinx_mapping = {}
    nitpick_ignore_regex = [(".*", r"(?!ansible_collections\.declarative\.).*")]


def _without_contents(_app: Sphinx, document: nodes.document) -> None:
    """Leave out a page's table of contents, which furo has beside the page.

    docs.ansible.com has it in the page. furo shows a red box in its place.
    """
    for topic in list(document.findall(nodes.topic)):
        if "contents" in topic["classes"]:
            topic.parent.remove(topic)
    for title in document.findall(nodes.title):
        # It led back to its line of the table.
        title.attributes.pop("refid", None)


def setup(app: Sphinx) -> None:
    """Tell Sphinx what this site does on its own."""
    app.connect("doctree-read", _without_contents)
