#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One network filter, defined by its XML."""

from __future__ import annotations

DOCUMENTATION = r"""
module: nwfilter
short_description: Define a network filter of libvirt, change it only where it differs, or remove it
version_added: 0.2.0
author:
  - declarative.libvirt contributors (@declarative-libvirt)
description:
  - Makes one network filter agree with an XML document, in the format of libvirt. A filter has rules for the traffic of
    guests, whose interfaces name it in C(<filterref>).
  - The first run defines it exactly as C(virsh nwfilter-define) would. A later run changes what differs from the document
    and nothing else.
  - The meaning of values is compared, not their text. V(0x16) is the port 22, and C(255.255.255.0) a mask of 24 bits.
  - Rules and references to other filters are one list, whose order counts.
  - A change takes effect at once in every running guest that uses the filter, and all or nothing. What libvirt can't apply to
    one of them is refused, and the old filter stays.
options:
  name:
    description:
      - The name of the filter, or its UUID.
      - Required with O(state=absent). Otherwise it may stand in the document instead, and must be equal where it stands
        in both. A name that is not in the document is put into it.
    type: str
  xml:
    description:
      - The document, with the root element C(<filter>).
      - Exactly one of O(xml) and O(src) is required with O(state=present). With O(state=absent) neither is read.
  state:
    description:
      - V(present) means that the filter is defined as in the document. Filters that it refers to need not exist, but
        no guest with it can start without them. A warning names those that don't.
      - V(absent) means that there is no such filter. It is an error if a domain, running or not, or another filter refers to
        it, unless O(force) is set. With O(force) too, it is an error if a running guest has the filter, which libvirt never
        removes.
  mode:
    description:
      - V(exact) means that the document is the whole truth. What it leaves out is removed, except for what libvirt fills in
        by itself.
      - V(merge) means that only the content of the document is enforced. Rules that it says are all the rules, and
        references all the references, because nothing but its place identifies a rule.
      - Used with O(state=present).
extends_documentation_fragment:
  - declarative.libvirt.connection
  - declarative.libvirt.memory
  - declarative.libvirt.xml_object
  - declarative.libvirt.attributes
  - declarative.libvirt.attributes.actiongroup_libvirt
attributes:
  check_mode:
    support: full
    details:
      - Whether libvirt accepts a filter, and can apply it to the guests that run, is known only when it is defined.
      - RV(nwfilter.uuid) of a new filter is V(null) if the document has none.
seealso:
  - module: declarative.libvirt.nwfilter_info
  - name: Network filters
    description: What the document may contain.
    link: https://libvirt.org/formatnwfilter.html
"""

EXAMPLES = r"""
- name: Web servers get SSH and HTTP
  declarative.libvirt.nwfilter:
    xml: |
      <filter name="web">
        <filterref filter="clean-traffic"/>
        <rule action="accept" direction="in"><tcp dstportstart="22"/></rule>
        <rule action="accept" direction="in"><tcp dstportstart="80"/></rule>
        <rule action="drop" direction="in" priority="900"><all/></rule>
      </filter>

- name: See what would change (run with --check --diff)
  declarative.libvirt.nwfilter:
    src: /srv/filters/web.xml

- name: The old filter is gone
  declarative.libvirt.nwfilter:
    name: web-old
    state: absent
"""

RETURN = r"""
nwfilter:
  description: The facts of the filter after the task, or as they would be in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: web
    uuid:
      description: Its UUID, V(null) if there was no such filter or if libvirt is yet to choose one.
      returned: success
      type: str
      sample: 5f1a9c5e-3c2b-4d6a-9f0e-1b7c8d9e0f11
    state:
      description: V(present) or V(absent).
      returned: success
      type: str
      sample: present
changes:
  description: What was changed, or would be in check mode. The list is empty exactly when the task is not changed.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where, as an XPath into the filter's XML.
      returned: success
      type: str
      sample: /filter/rule[2]/tcp/@dstportstart
    op:
      description: V(add), V(remove), V(modify), or V(move) for an element whose order among its siblings changes.
      returned: success
      type: str
      sample: modify
    before:
      description: The old value, or the old element as XML. V(null) if there was none.
      returned: success
      type: str
      sample: "80"
    after:
      description: The new value, or the new element as XML. V(null) if there is none.
      returned: success
      type: str
      sample: "443"
    when:
      description: Always V(live), because running guests have it at once; V(config) for a filter that is removed.
      returned: success
      type: str
      sample: live
restart_required:
  description: Always V(false), because libvirt changes the rules of running guests at once.
  returned: success
  type: bool
  sample: false
pending:
  description: Always empty, for the same reason.
  returned: success
  type: list
  elements: dict
  sample: []
diff:
  description: The parts of the filter that differ, in libvirt's formatting, with a header that names it.
  returned: success, in diff mode
  type: raw
  sample:
    before: "<filter name='web' chain='root'>\n  <rule action='accept' direction='in' priority='500'>\n    <tcp dstportstart='80'/>\n  </rule>\n</filter>\n"
    after: "<filter name='web' chain='root'>\n  <rule action='accept' direction='in' priority='500'>\n    <tcp dstportstart='443'/>\n  </rule>\n</filter>\n"
    before_header: web (defined)
    after_header: web (desired)
"""

from ..module_utils._compiled import use_compiled_code

use_compiled_code()

from ..module_utils._module.ansible_module import Module
from ..module_utils._module.nwfilter import SPEC, run


def main() -> None:
    """Run the module."""
    run(Module(supports_check_mode=True, **SPEC.to_kwargs()))


if __name__ == "__main__":
    main()
