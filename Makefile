# Needs Python 3.11 or newer, git and make. Everything is installed into .venv and nowhere else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DATA ?= $(or $(BILLTRAIL_STORE_DATA),billtrail-data)
LOCK_COMMAND := uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate -o requirements.lock

.DEFAULT_GOAL := help
.PHONY: help install demo up test check static fmt bench chaos golden lock chromium clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED)  ## Make .venv with exactly the locked packages

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Billtrail needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

demo: install  ## Start the platform with a simulated firm and open doors on this machine
	$(BIN)/billtrail up --demo --data $(DATA)

up: install  ## Start the platform on DATA (default billtrail-data)
	$(BIN)/billtrail up --data $(DATA)

test: install chromium  ## Run every test, on two cores at once
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: static test  ## Format, lint, types, imports and tests: what has to pass before a change goes in

static: install  ## Format, lint, types and imports, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fmt: install  ## Put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install  ## Measure the promised numbers on this machine
	$(BIN)/python -m tests.bench

chaos: install  ## Kill the platform 50 times under load and count what it acknowledged
	$(BIN)/python -m tests.chaos

golden: install  ## Write the golden files and billtrail/store/schema again, after a wanted change
	$(BIN)/python -m billtrail.store.schema_dump
	$(BIN)/python -m tests.store.golden_ddl
	$(BIN)/python -m tests.collector.sources.golden

lock:  ## Resolve pyproject.toml into requirements.lock again (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv (pip install uv); it runs:"; echo '$(LOCK_COMMAND)'; exit 1; }
	$(LOCK_COMMAND)

# The browser tests need a Chromium of the system. As root on Debian it is installed; elsewhere those tests are skipped
# and say so, except under CI=true, where a missing browser is a failure.
chromium:
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; \
	fi >/dev/null || echo "chromium could not be installed"
	@if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then \
		echo "!! no Chromium on this machine: the browser tests will be SKIPPED (Debian, Ubuntu: apt-get install chromium)"; \
		[ "$$CI" != true ]; \
	fi

clean:  ## Remove .venv and caches, never data
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
