# All development commands. They need python3 (3.11 or newer), git and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
DEMO := build/demo
PINS := $(CURDIR)/tests/projects/pins.txt
# The demo uses the versions that this repository was tested with, not those that uv would lock today.
RUN := uv run --no-sync
SHARD ?= 1/1
PYTEST := pytest --numprocesses 2 --dist worksteal
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
export PATH := $(BIN):$(PATH)
export UV_NO_PROGRESS := 1
unexport VIRTUAL_ENV
# Without a bytecode cache, every process would compile all modules that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo check test test-all nightly faults pins lint format bench bench-frameworks bench-scale \
	bench-serving bench-storages picture release clean

help: ## show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Overture needs Python 3.11 or newer: make PYTHON=python3.13 …")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --constraint constraints.txt uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable . --group dev
	touch $@

demo: .venv/ready ## generate a project, install it, test it, and run its jobs on real data
	rm -rf $(DEMO)
	overture new $(DEMO) --yes --no-lock --data project_name=demo --data 'description=A first look at Overture.'
	cd $(DEMO) && uv venv --quiet --python $(PYTHON) && uv pip install --quiet --constraint $(PINS) --editable . --group dev
	cd $(DEMO) && for recipe in setup check coverage train evaluate predict; do $(RUN) just $$recipe; done
	@echo "The command is $(BIN)/overture; uv tool install . puts it on your PATH."
	@echo "The project is in $(DEMO). Open the report named above in a browser, or read $(DEMO)/README.md."

lint: .venv/ready ## check style, formatting, types and import contracts
	ruff check
	ruff format --check
	mypy
	codespell
	PYTHONPATH=generator lint-imports --no-cache

check: .venv/ready lint ## while editing: the rules, and the components that differ from main (a minute)
	$(PYTEST) --changed -m "not (slow or nightly or whole)" tests/generator tests/template tests/projects

test: .venv/ready lint ## before a commit: the suite, for the components that differ from main (8 minutes)
	$(PYTEST) --changed -m "not (slow or nightly)"

test-all: .venv/ready lint ## before a merge into main: everything, at pinned versions (25 minutes)
	$(PYTEST) -m "not nightly" --durations=25 --durations-min=5

nightly: .venv/ready ## newest and lowest versions, every Python, 10,000 random steps; SHARD=1/4 for a quarter
	OVERTURE_STEPS=10000 OVERTURE_SEED=$$RANDOM $(PYTEST) -m "nightly or histories" --shard $(SHARD)

faults: .venv/ready ## inject one fault at a time into a copy, and require the tests to find each
	python tests/faults.py

pins: .venv/ready ## update the pinned versions to the newest
	python tests/pins.py

format: .venv/ready ## fix style and formatting
	ruff check --fix
	ruff format

bench: .venv/ready ## measure Overture against similar tools, and write benchmarks/README.md
	python benchmarks/run.py

bench-frameworks: .venv/ready ## measure the model frameworks, and write docs/choosing.md (half an hour)
	python benchmarks/frameworks.py

bench-scale: .venv/ready ## measure inference over 100 million rows, and write benchmarks/scale.md (ten minutes)
	python benchmarks/scale.py

bench-serving: .venv/ready ## load the generated service with wrk, and write benchmarks/serving.md (25 minutes)
	python benchmarks/serving.py

bench-storages: .venv/ready ## measure reading from an S3 server, and write benchmarks/storages.md (five minutes)
	python benchmarks/storages.py

picture: .venv/ready ## record the interview in docs/overture.svg, which the README shows
	uv run --quiet --no-project --isolated --with pexpect --with pyte --with rich python docs/picture.py

release: .venv/ready ## tag and build the version in pyproject.toml, whose section in CHANGELOG.md must be dated
	@test -z "$$(git status --porcelain)" || { echo "Commit first: the tree is not clean."; exit 1; }
	@grep -q "^## $(VERSION) ([0-9-]*)$$" CHANGELOG.md || { echo "CHANGELOG.md has no dated section $(VERSION)."; exit 1; }
	git tag --annotate --message "Overture $(VERSION)" $(VERSION)
	python -m build

clean: ## remove the environment, builds and caches
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
