# For everybody: make demo. While you write: make test. Before a change lands: make check.
# What CI runs: make full. The rest are their parts.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

PYTEST := $(BIN)/python -m pytest -n auto --dist loadgroup

.PHONY: demo test check full harden style docs goldens bench read-score release clean

demo: $(VENV)/installed ## Who must adopt what in Dorset, why, and what is on record
	@$(BIN)/cspgraph answer who-must-adopt --area Dorset --on 2024-07-23
	@echo
	@$(BIN)/cspgraph why version:dorset-csplan-2023.2024-25 --on 2024-07-23
	@echo
	@$(BIN)/cspgraph check --area Dorset --on 2024-07-23 --format line

test: $(VENV)/developing ## What is quick: about two minutes on two cores
	$(PYTEST) -m "not thorough and not full"

check: style ## Format, lint, types, and every test that needs nothing but Python
	$(PYTEST) -m "not full"

full: style ## That, and the tests with servers, a browser, Graphviz and the whole country
	$(PYTEST)

harden: $(VENV)/developing ## Every promise tried for long: two hours, goes on where it was
	$(BIN)/python -m tests.hardening --page

style: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/installed ## What is made of law, register and questions, made again: pages, tables, a picture
	$(BIN)/cspgraph coverage > docs/coverage.new
	mv docs/coverage.new docs/coverage.md
	$(BIN)/cspgraph questions --pages docs/questions
	$(BIN)/python -m tools.describe_tables
	$(BIN)/python -m tools.draw_readme

goldens: $(VENV)/developing ## All golden files made again; shows how they differ, and asks
	$(BIN)/python -m tools.goldens

bench: $(VENV)/developing ## Ratios against rdflib alone and raw pyoxigraph
	$(BIN)/python -m bench

read-score: $(VENV)/developing ## How well reports are read; of one: make read-score REPORT=FILE RECORD=FILE
	$(BIN)/python -m tools.read_score $(REPORT) $(RECORD)

release: $(VENV)/developing ## A release: make release VERSION=0.2.0
	$(BIN)/python -m tools.release "$(VERSION)"
	$(MAKE) check
	$(BIN)/python -m hatchling build -d dist
	git commit --all --message "Version $(VERSION)"
	git tag "v$(VERSION)"
	@echo "By hand now: the list under 'A release' in CONTRIBUTING.md"

$(VENV)/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cspgraph needs Python 3.11 or later: make PYTHON=python3.11 demo")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt pip
	@touch $@

$(VENV)/installed: $(VENV)/pip pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --group dev
	@touch $@

clean: ## Remove what make created
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache
