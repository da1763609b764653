# The verbs. CI calls them unchanged; each makes its own environment from requirements.lock.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests start a hundred interpreters: each would compile our modules anew where the machine says not to keep them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-bi check dev bench lint types unit integration docs lock ci-deps clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    two years of a fictional school, scored and published on this machine"
	@echo "make test    everything that CI checks"
	@echo "make test-bi the dashboards in a real Superset (its own environment, some minutes; not part of make test)"
	@echo "make check   lint, types and unit tests: before each commit"
	@echo "make dev     Dagster's UI and daemon on this machine"
	@echo "make bench   what a run costs, as ratios"

demo: $(READY)
	@$(BIN)/qingyuan demo

dev: $(READY)
	@$(BIN)/qingyuan dev

# At once: tests wait for processes and locks, and what lint and types find is said meanwhile.
test: $(READY)
	@$(MAKE) --no-print-directory -j 3 lint types all-tests

all-tests: $(READY)
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder tests

# Superset needs versions of its own: an environment beside ours, used by nothing else.
test-bi: $(READY)
	@$(MAKE) -s .venv-bi/.ready || echo "Superset could not be installed: the test will say that it was skipped."
	$(BIN)/python -m pytest -q -p no:xdist -rs tests/bi/check_dashboards.py

.venv-bi/.ready: docs/bi/requirements.txt
	@echo "Making Superset's environment in .venv-bi from docs/bi/requirements.txt (once; a minute or two) …"
	@$(PYTHON) -m venv .venv-bi
	@.venv-bi/bin/python -m pip install -q --disable-pip-version-check -r docs/bi/requirements.txt
	@touch .venv-bi/.ready

check: lint types unit

lint: $(READY) $(VENV)/.sql-linted
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/lint-imports > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

# Half a minute of one core, so only after a change of SQL, of macros or of the linter's rules.
$(VENV)/.sql-linted: $(READY) pyproject.toml $(shell find dbt_project/models dbt_project/macros dbt_project/tests -name '*.sql')
	$(BIN)/sqlfluff lint -q -p 2 dbt_project/models dbt_project/tests
	@touch $@

types: $(READY)
	$(BIN)/mypy --no-error-summary

unit: $(READY)
	$(BIN)/python -m pytest -q -n 2 tests/unit tests/conventions

integration: $(READY)
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder tests/integration

bench: $(READY)
	$(BIN)/python -m tests.bench

# Pages that are made from the code; a test fails when they are stale.
docs: $(READY)
	$(BIN)/python -m orchestration.publishing.data_dictionary

# Needs uv. Without addresses of any index, so that each site's own mirror serves it.
lock:
	uv pip compile -q pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --no-strip-extras -o requirements.lock

ci-deps:
	@sh .ci/deps

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null || \
	  { echo "qingyuan needs Python 3.11 or 3.12 as $(PYTHON); another one is named by PYTHON=…"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "qingyuan needs Python's venv module: install the package python3-venv"; exit 2; }
	@echo "Making the Python environment in $(VENV) from requirements.lock (once; a minute or two) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf $(VENV) .venv-bi dbt_project/target dbt_project/logs .mypy_cache .ruff_cache .pytest_cache
