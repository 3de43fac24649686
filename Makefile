# `make demo` runs the portal with demonstration data; `make test` runs all tests. Nothing has to be prepared.
PYTHON ?= python3
VENV := .venv
export VENV PYTHON

.PHONY: help demo demo-reset install test bench lint format clean

help:
	@echo "make demo        the portal with demonstration data, until Ctrl-C (PORT=8000, HOST=127.0.0.1)"
	@echo "make demo-reset  the same, beginning with empty data"
	@echo "make test        all tests; ARGS='tests/accounts -x' for some"
	@echo "make bench       what each page costs on PEOPLE=10000 made-up people (docs/benchmarks.md)"
	@echo "make lint        style, types, import order, templates, migrations"
	@echo "make format      formats the Python code"
	@echo "make clean       removes the virtual environment and the data of development"

demo:
	@.ci/install requirements.txt
	@exec $(VENV)/bin/python -m devtools.run

demo-reset:
	@.ci/install requirements.txt
	@exec $(VENV)/bin/python -m devtools.run --reset

install:
	@.ci/install requirements-dev.txt

test:
	@.ci/install requirements-dev.txt
	@.ci/test $(ARGS)

bench:
	@.ci/install requirements.txt
	@exec nice $(VENV)/bin/python manage.py bench --people $(or $(PEOPLE),10000) $(ARGS)

lint:
	@.ci/install requirements-dev.txt
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/python manage.py makemigrations --check --dry-run

format:
	@.ci/install requirements-dev.txt
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
