# All that CI does, a person can type.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
PICTURES ?= instance/pictures
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
XDIST ?= -n 2 --dist worksteal

export FLASK_APP := wsgi.py
# Byte code is kept, whatever the environment says: every command starts in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-long test-live test-pages screens check format lint types contracts drift bench report-example lock seed clean

$(VENV)/.uv: requirements/bootstrap.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	touch $@

$(VENV)/.run: $(VENV)/.uv requirements/run.txt
	$(UV) install --quiet --system-certs --python $(BIN)/python --require-hashes -r requirements/run.txt
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(UV) install --quiet --system-certs --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

run: $(VENV)/.run        ## migrate, load the fictitious network on first start, serve on 127.0.0.1:$(PORT)
	$(BIN)/flask start --port $(PORT) --workers $(WORKERS)

test: $(VENV)/.dev       ## the default tests, PostgreSQL included
	$(BIN)/python -m pytest $(XDIST) -m "not long"

test-long: $(VENV)/.dev  ## the long ones only
	$(BIN)/python -m pytest $(XDIST) -m long

test-live: $(VENV)/.dev  ## what starts real servers, of the long tests, and every role asking at random
	$(BIN)/python -m pytest -n 0 -m long tests/web/test_two_workers.py tests/web/test_start.py tests/web/test_crash.py tests/harm/test_canary_live.py
	$(BIN)/python -m benchmarks.fuzz --cases 2000

test-pages: $(VENV)/.dev ## the pages in a browser (Debian's chromium); pictures of them go to $(PICTURES)
	PICTURES=$(PICTURES) $(BIN)/python -m pytest tests/pages -m pages -n 0

screens: $(VENV)/.dev    ## make the pictures of the README and the guides anew
	SCREENS=docs/screens $(BIN)/python -m pytest tests/pages/test_screens.py -m pages -n 0

check: format lint types contracts test drift

format: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

drift: $(VENV)/.dev      ## what is generated equals what is committed
	$(BIN)/flask openapi check
	$(BIN)/flask db check
	$(BIN)/flask access matrix check
	$(BIN)/flask languages check

bench: $(VENV)/.dev      ## all benchmarks; BENCH=--large for the large worlds. Beside PostGIS only after benchmarks/install_postgis
	$(BIN)/python -m benchmarks $(BENCH)

report-example: $(VENV)/.dev  ## make the committed example of the network report anew
	$(BIN)/python -m tests.web.report_example

seed: $(VENV)/.dev       ## make the committed seed files anew
	$(BIN)/python -m seed.generate

lock: $(VENV)/.uv        ## resolve the versions anew
	$(UV) compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade requirements/bootstrap.in -o requirements/bootstrap.txt
	$(UV) compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml -o requirements/run.txt
	$(UV) compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --group dev -c requirements/run.txt -o requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
