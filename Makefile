# SPDX-FileCopyrightText: 2026 declarative.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# The Python that the environments are made of: the one that has the
# distribution's libvirt and lxml.
export PYTHON ?= /usr/bin/python3

.NOTPARALLEL:

.PHONY: help
help:
	@echo 'make demo         the quick start, on this machine, up to a guest that boots'
	@echo 'make demo-remove  remove the domains that it made'
	@echo 'make test         every test, against a private libvirtd'
	@echo 'make unit, sanity, units, corpus, corpus-trixie, oracle, oracle-trixie, integration, examples, connection, molecule, sweep, pairs, schema, safety, faults, migrate-faults, secrets, random, site: one part of them'
	@echo 'make bench        measure, against a private libvirtd'
	@echo 'make ee           the parts of an execution environment, and a playbook run in it'
	@echo 'make hypervisor-role  the role hypervisor, on new Debians made by mmdebstrap'
	@echo 'make lint         format, style, types, licences, documentation'
	@echo 'make format       format the code'
	@echo 'make docs         build the documentation in .build/docs/html'
	@echo 'make docs-shots   build it, and take pictures of its pages in .build/docs/shots'
	@echo 'make generate     write what follows from the table of options'
	@echo 'make clean        remove what these made'

.PHONY: demo
demo:
	@tests/setup/demo
	@echo 'To remove the domains again: make demo-remove'

.PHONY: demo-remove
demo-remove:
	@tests/setup/demo --tags remove

.PHONY: test
test:
	@tests/setup/test

.PHONY: unit sanity units sanity-2.18 units-2.18 corpus corpus-trixie oracle oracle-trixie integration examples connection molecule safety faults migrate-faults secrets sweep pairs random site
unit sanity units sanity-2.18 units-2.18 corpus corpus-trixie oracle oracle-trixie integration examples connection molecule safety faults migrate-faults secrets sweep pairs random site:
	@tests/setup/test $@

# Each thing that libvirt's schema allows; make test tries a share of them.
.PHONY: schema
schema:
	@SCHEMA_SHARE=1 tests/setup/test $@

.PHONY: bench
bench:
	@tests/setup/bench

# What an execution environment for AWX is made of, in a system made by mmdebstrap.
.PHONY: ee
ee:
	@tests/setup/execution-environment

# The role hypervisor on Debians that have nothing but Python, made by mmdebstrap.
.PHONY: hypervisor-role
hypervisor-role:
	@tests/setup/hypervisor-role

.PHONY: lint
lint:
	@tests/setup/lint

.PHONY: format
format:
	@tests/setup/lint formatters

.PHONY: docs
docs:
	@tests/setup/docs

.PHONY: docs-shots
docs-shots:
	@tests/setup/docs-shots

.PHONY: generate
generate:
	@tests/setup/generate

.PHONY: clean
clean:
	rm -rf .build .nox .venv .venv-2.18 .venv-lint .mypy_cache .ruff_cache .ansible
