# Two commands matter: `make demo` and `make test`. Both set up what they need.
# Prerequisites on Debian 12: make, python3 (3.11 or newer), python3-venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto

.PHONY: setup demo test lint types contracts pytest lock clean help

help:
	@echo "make demo   set up, then board a flight and print the outcome table and the report's path"
	@echo "make test   set up, then lint, types, import contracts and all tests"
	@echo "make setup  make the environment alone"
	@echo "make lock   renew the lock files"

setup: $(STAMP)

# uv itself is pinned by hash; everything else comes from the lock, by hash, without naming a registry.
$(STAMP): requirements.txt requirements-uv.txt requirements-build.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --build-constraints requirements-build.txt -r requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: setup
	$(BIN)/fairgate demo

test: lint types contracts pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

pytest: setup
	$(BIN)/pytest -n $(JOBS)

lock:
	$(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 \
	  pyproject.toml --all-extras --group dev -o requirements.txt
	echo "setuptools" | $(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 - -o requirements-build.txt
	echo "uv" | $(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 - -o requirements-uv.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist build
