# Two commands matter: `make demo` and `make test`. Both set up what they need.
# Prerequisites on Debian 12: make, python3 (3.11 or newer), python3-venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= $(sort $(wildcard fuzz/fuzz_*.py))
FUZZ_VENV := .venv-fuzz
FUZZ_STAMP := $(FUZZ_VENV)/.installed

.PHONY: setup demo test lint types contracts pytest fuzz lock clean help

help:
	@echo "make demo   set up, then board a flight and print the outcome table and the report's path"
	@echo "make test   set up, then lint, types, import contracts and all tests"
	@echo "make fuzz   fuzz every parser of papers for FUZZ_SECONDS each (60), in an environment of its own"
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

# Not part of `make test`: each run looks elsewhere. What it found stays in build/fuzz.
fuzz: $(FUZZ_STAMP)
	for target in $(FUZZ_TARGETS); do \
	  PYTHONPATH=src:fuzz $(FUZZ_VENV)/bin/python $$target -max_total_time=$(FUZZ_SECONDS) || exit 1; done

$(FUZZ_STAMP): requirements-fuzz.txt requirements-uv.txt
	test -x $(FUZZ_VENV)/bin/python || $(PYTHON) -m venv $(FUZZ_VENV)
	$(FUZZ_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(FUZZ_VENV)/bin/uv pip install --quiet --python $(FUZZ_VENV)/bin/python --require-hashes --no-build -r requirements-fuzz.txt
	touch $(FUZZ_STAMP)

lock:
	$(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 \
	  pyproject.toml --all-extras --group dev -o requirements.txt
	echo "setuptools" | $(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 - -o requirements-build.txt
	echo "uv" | $(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 - -o requirements-uv.txt
	$(BIN)/uv pip compile --quiet --no-header --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 \
	  fuzz/requirements.in -o requirements-fuzz.txt

clean:
	rm -rf $(VENV) $(FUZZ_VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist build
