# Every target makes the environment that it needs, in .venv, and works alone on a fresh checkout.
# `make` prints the targets. PYTHON chooses the interpreter: make test PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test mutants check schemas pictures bench docs course site dist examples pythons clean

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/runtime ## simulate the demo traces and compare with ASTRA-sim's cycles
	$(BIN)/python traces/demo.py

test: $(VENV)/dev ## run all tests, on two cores: some 15 minutes
	@echo "All tests, in two processes: some 15 minutes on two idle cores. Of tests that need what most"
	@echo "don't have, recordings or a browser, one line tells. A part: $(BIN)/python -m pytest tests/config"
	$(BIN)/python -m pytest -n 2 -q

mutants: $(VENV)/dev ## change the code in 87 places: do the tests of its folder notice?
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,mutation]'
	$(BIN)/python tests/mutants.py

check: $(VENV)/dev ## formatting, lint, types, and which layer may import which
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

schemas: $(VENV)/runtime ## regenerate the protobuf module and the JSON Schemas
	PYTHON='$(PYTHON)' schemas/generate.sh
	$(BIN)/python -m simastra schemas --output schemas

pictures: $(VENV)/runtime ## draw the pictures of README.md and docs/ anew
	$(BIN)/python docs/pictures/make.py

bench: $(VENV)/runtime ## measure the simulator; records go to benchmarks/results
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fast]'
	$(BIN)/python -m benchmarks

docs: $(VENV)/docs ## build the documentation site into out/docs, and check its links
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs --quiet build
	$(BIN)/python -m docs.site out/docs

course: $(VENV)/course ## build the course for the browser into out/course; needs npm
	$(BIN)/python -m docs.browser

site: docs course ## the documentation with the course in it, in out/site
	rm -rf out/site && cp -R out/docs out/site
	$(BIN)/python -m docs.site out/site out/course
	@echo "python3 -m http.server --directory out/site shows it on http://localhost:8000"

dist: $(VENV)/dev ## build the wheel and the source distribution, in dist/, as they are released
	rm -rf dist
	$(BIN)/hatchling build -d dist
	sha256sum dist/*

examples: $(VENV)/dev ## run every example of the documentation where only the wheel is installed
	$(BIN)/python -m pytest -n 2 -q tests/release/all_examples.py

pythons: $(VENV)/dev ## install the wheel into each Python that there is; demos, examples, some tests
	$(BIN)/python -m pytest -n 2 -q tests/release/all_pythons.py

clean: ## remove the environments, all caches, and out/, where examples write
	rm -rf $(VENV) .venv-protoc build dist out simastra.egg-info .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache

# The stamps below say what is installed. The interpreter can't be its own stamp: it is a link to
# the system's, which is older than pyproject.toml and not ours to touch.

$(VENV)/runtime: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@# What checks that the report page can be read by everybody; without npm, its tests are skipped.
	@! command -v npm > /dev/null || npm install --silent --no-audit --no-fund --fetch-retries 0 \
		--prefix $(VENV)/axe axe-core@4.14.1 > /dev/null 2>&1 || true
	@touch $@ $(VENV)/runtime

$(VENV)/docs: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@ $(VENV)/runtime

$(VENV)/course: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[course]'
	@touch $@ $(VENV)/runtime

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "simastra needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			"Name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
