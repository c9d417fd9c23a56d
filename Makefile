# Halyq uni. `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
export FLASK_APP = wsgi:app

.PHONY: help setup run test check bench screenshots format reset catalogues lock
.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(INSTALLED) ## install into .venv only

run: $(INSTALLED) ## install, migrate, load data, start web and worker (PORT=8123 moves it)
	@exec $(BIN)/flask serve --host $(HOST) --port $(PORT)

test: $(INSTALLED) ## all tests: law, rooms on both engines, browser journeys
	@$(BIN)/python -m tests.notice
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(INSTALLED) ## format, lint, types, import contracts, templates, catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/house/test_templates.py tests/house/test_catalogues.py

bench: $(INSTALLED) ## measure limits and our figures beside them, a quarter of an hour (see docs/performance.md)
	@exec $(BIN)/flask bench

screenshots: $(INSTALLED) ## a picture of every page: kk and ru, 320 and 1280 px, light and dark (into screenshots/)
	$(BIN)/python -m tests.screenshots

format: $(INSTALLED) ## write code the way `make check` wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

reset: ## forget this installation: database, secrets, demonstration
	rm -rf instance

catalogues: $(INSTALLED) ## collect the texts of code and templates into the kk and ru catalogues
	$(BIN)/python -m petitions.translations.collect

lock: $(INSTALLED) ## renew requirements.lock (needs uv)
	uv pip compile -q --upgrade --generate-hashes --universal --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 --group dev pyproject.toml -o requirements.lock

$(INSTALLED): requirements.lock
	@if command -v uv >/dev/null 2>&1; then \
	  echo "Installing with uv"; \
	  uv venv -q --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip sync -q --require-hashes --python $(BIN)/python requirements.lock; \
	else \
	  $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "Python's venv module is missing. On Debian: sudo apt install python3-venv"; exit 1; }; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed (make run PYTHON=python3.12 names another)"; exit 1; }; \
	  echo "Installing with pip (about half a minute)"; \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
	fi
	@touch $@
