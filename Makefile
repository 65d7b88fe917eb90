# What an office and a developer type. Needs Python 3.11 or later with venv and pip, and make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test thorough attacks tampering check format faults bench canaries lock licences sbom release assets hooks system-packages

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.locked
BENCH := .venv-bench
SUPPLY := .venv-supply
PORT ?= 8000
WORKERS ?= auto
PIP := -m pip --disable-pip-version-check install --quiet

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# $(1) the environment's folder, $(2) its lock
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Casework needs Python 3.11 or later; say which with: make PYTHON=python3.12" >&2; exit 1; }
	@[ -x $(1)/bin/python ] && $(1)/bin/python -m pip --version >/dev/null 2>&1 \
	  || $(PYTHON) -m venv $(1) \
	  || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the locked dependencies into $(1)"
	@$(1)/bin/python $(PIP) --only-binary :all: --require-hashes --requirement requirements/uv.txt \
	  && $(1)/bin/uv pip install --quiet --python $(1)/bin/python --require-hashes --requirement $(2) \
	  || { echo "uv cannot install them here; pip does, in a minute or two" >&2; \
	       $(1)/bin/python $(PIP) --require-hashes --requirement $(2); }
	@$(1)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
endef

# Installed again only when the lock changes.
$(STAMP): requirements/dev.txt
	$(call install,$(VENV),requirements/dev.txt)
	@touch $@

$(BENCH)/.locked: requirements/bench.txt
	$(call install,$(BENCH),requirements/bench.txt)
	@touch $@

$(SUPPLY)/.locked: requirements/supply.txt
	$(call install,$(SUPPLY),requirements/supply.txt)
	@touch $@

setup: $(STAMP) ## create .venv with the locked dependencies

run: setup ## the demonstration office on http://127.0.0.1:8000 (PORT=9000 moves it)
	@PORT=$(PORT) tools/run_demonstration

test: setup system-packages ## run the whole suite
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

thorough: setup system-packages ## run what takes too long for every run
	@$(BIN)/python -m pytest -n $(WORKERS) -m thorough $(ARGS)

attacks: setup system-packages ## attack every page and form, in a real browser too
	@$(BIN)/python -m pytest -m "thorough or not thorough" tests/security $(ARGS)

check: setup ## lint, types, import contracts, templates, security
	@tools/check

format: setup ## write code and templates as the checks want them
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint templates --reformat --quiet || true

tampering: setup system-packages ## tamper with the logs of made-up offices, thousands of times
	@$(BIN)/python -m tests.tampering $(ARGS)

faults: setup system-packages ## kill servers, fill disks and more, thousands of times
	@$(BIN)/python -m tests.faults $(ARGS)

bench: $(BENCH)/.locked ## measure against the limits and the peers
	@$(BENCH)/bin/python -m benchmarks $(ARGS)

canaries: setup system-packages ## erase half of 1,000 cases full of names, and look for them everywhere
	@CASEWORK_CANARIES=$(or $(CASES),1000) $(BIN)/python -m pytest -n 2 tests/casework/retention/test_erasing.py -k nothing_of_it_is_left $(ARGS)

lock: setup ## work out requirements/*.txt again (ARGS=--upgrade takes newer releases)
	@tools/lock $(ARGS)

licences: setup ## list the licences of what is locked; fail on one that was not accepted
	@$(BIN)/python -m tools.licences

sbom: $(SUPPLY)/.locked ## write the bill of materials (CycloneDX) into dist/
	@$(SUPPLY)/bin/python -m tools.sbom

release: setup $(SUPPLY)/.locked ## pack the wheel, its lock, its bill of materials, deploy/ and docs/ into dist/
	@tools/release

assets: setup ## vendor the style sheets and scripts again (needs npm)
	@$(BIN)/python tools/vendor_assets.py

hooks: setup ## check at every commit
	@$(BIN)/pre-commit install

# Where it can: as root on a machine with apt. Elsewhere what is missing is skipped, with its reason.
system-packages:
	@tools/system_packages chromium compiler pango postgresql
