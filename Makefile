# `make run` and `make test` need nothing but make and Python 3.11 or 3.12; each makes what it lacks.

PYTHON ?= python3
PORT ?= 8501
REPLICAS ?= 3
PIP_ARGS ?=

python := .venv/bin/python
# --quiet still shows errors; pip's wish to be upgraded is not one.
pip := $(python) -m pip install --quiet --disable-pip-version-check $(PIP_ARGS)
# uv takes seconds where pip takes minutes; it knows neither pip's settings nor its arguments.
uv := $(if $(PIP_ARGS),,$(shell command -v uv))
install := $(if $(uv),$(uv) pip install --quiet --python $(python),$(pip))

# Threads come and go with every stroke, and each would keep a heap of its own. Thresholds are left to glibc: fixed ones
# take large tensors from the system anew each time, for 25 ms of page faults a stroke.
memory := MALLOC_ARENA_MAX=2
one_thread := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.DEFAULT_GOAL := help
.PHONY: help run serve test measure lint browser clean

checks = $(python) -m ruff check . && $(python) -m ruff format --check . && $(python) -m pyright --pythonpath $(python)
chromium = $(python) -m tests.browser.chromium
caddy = $(python) -m deploy.caddy
# Two at a time, file by file; the browser tests after the others, for what they watch takes turns on the same cores.
tests = $(python) -m pytest -n 2 --dist loadfile --ignore=tests/browser && $(python) -m pytest -n 2 --dist loadfile tests/browser
metered = $(python) -m tests.cpu_seconds sh -c

help: ## show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
	@echo "Settings: PYTHON=python3.12 (which Python), PORT=8501, REPLICAS=3, PIP_ARGS=... (passed to pip install)"

run: .venv/app.stamp ## start the app on http://localhost:8501
	@$(memory) $(python) -m streamlit run app.py --server.port $(PORT)

serve: .venv/app.stamp ## start REPLICAS=3 of the app behind one address, for a class or a school
	@exec env $(memory) $(one_thread) $(python) -m deploy.serve --port $(PORT) --replicas $(REPLICAS)

test: .venv/dev.stamp ## check style and types, then run every test; says what it took
	@$(metered) '$(checks) && $(chromium) && $(caddy) && $(tests)'

measure: .venv/dev.stamp ## measure time, memory and load; for a machine with nothing else to do
	@$(metered) '$(chromium) && $(caddy) && $(python) -m pytest -s -m measure'

lint: .venv/dev.stamp ## check style and types only
	@$(checks)

browser: .venv/dev.stamp ## find or install the browser that the tests drive
	@$(chromium)

clean: ## remove the environment and all caches
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make an installation happen again only when the list of packages has changed.
.venv/app.stamp: requirements.txt | .venv/bin/python
	@echo "Installing what the app needs (once; PyTorch is large) ..."
	@$(install) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/app.stamp
	@echo "Installing what the tests need ..."
	@$(install) -r requirements-dev.txt
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This project needs Python 3.11 or 3.12, and '$(PYTHON)' is not: name one, as in 'make run PYTHON=python3.12'." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python could not make a virtual environment: on Debian and Ubuntu, install the package python3-venv." >&2; exit 1; }
