# Factor Lab: `make lab` to take the course, `make test` to prove it.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eo pipefail -c
.PHONY: help lab setup test prove prove-summary unit browser answers bench outputs exercises hooks lint format lock images site clean

PYTHON ?= python3
VENV ?= .venv
CLASS ?= 30
BIN = $(VENV)/bin
UV = $(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --python-version 3.11

# Runs a command once the engine and the images are there, and in its reach
WITH_ENGINE = $(BIN)/factorlab setup --

# Where the proof itself lies: tests/proof
PROOF_PATH = PYTHONPATH="tests$${PYTHONPATH:+:$$PYTHONPATH}"

# pip, saying how far it is on one line
PIP_WORDS = -m pip install --disable-pip-version-check --no-input --progress-bar off
PIP = $(BIN)/python $(PIP_WORDS)
COUNT = awk -v shown="$$(test -t 2 && echo 1)" \
	'/^(Collecting|Requirement)/ { ++n; if (shown) { printf "\r  %d packages", n; fflush() } } END { if (shown) print "" }'

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.made:
	@echo "Creating the Python environment in $(VENV)."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.learner: requirements.txt pyproject.toml | $(VENV)/.made
	@echo "Installing the locked packages (about a minute, once)."
	@$(PIP) --require-hashes -r requirements.txt | $(COUNT)
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.developer: requirements-dev.txt $(VENV)/.learner
	@echo "Installing the test tools."
	@$(PIP) --require-hashes -r requirements-dev.txt | $(COUNT)
	@touch $@

lab: $(VENV)/.learner ## Take the course: bring up what is needed, open JupyterLab
	@$(BIN)/factorlab lab

setup: $(VENV)/.learner ## Bring up the container engine and build the images
	@$(BIN)/factorlab setup

test: $(VENV)/.developer browser ## Prove what every change must hold, and what this one touches (15 minutes)
	@$(PROOF_PATH) $(WITH_ENGINE) $(BIN)/python -m proof test

prove: $(VENV)/.developer browser ## Prove everything, or PART=ix, or SHARD=2/8
	@$(PROOF_PATH) $(WITH_ENGINE) $(BIN)/python -m proof prove $(if $(PART),--part $(PART)) $(if $(SHARD),--shard $(SHARD))

prove-summary: $(VENV)/.developer
	@$(PROOF_PATH) $(BIN)/python -m proof summary artifacts/proof/shard-*.xml

browser: $(VENV)/.developer
	@$(BIN)/python tests/browser/install.py

unit: $(VENV)/.developer ## Only the tests that need no engine
	@$(PROOF_PATH) $(BIN)/python -m proof unit

answers: $(VENV)/.developer ## Judge every task of all right and wrong answers (an hour)
	@FACTORLAB_EVERY_TASK=1 $(WITH_ENGINE) $(BIN)/python -m pytest tests/answers tests/audit -n 3

bench: $(VENV)/.developer $(VENV)/peers/.made ## Measure what must be quick; prints ratios and medians
	@$(WITH_ENGINE) $(BIN)/python tests/bench.py
	@$(WITH_ENGINE) $(BIN)/python tests/bench_class.py --class $(CLASS) --peers $(VENV)/peers

$(VENV)/peers/.made: tests/peers.txt | $(VENV)/.developer
	@echo "Installing nbgrader and otter-grader into an environment of their own, to compare with."
	@test -x $(VENV)/peers/bin/python || $(PYTHON) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python $(PIP_WORDS) --require-hashes -r tests/peers.txt | $(COUNT)
	@touch $@

outputs: $(VENV)/.developer ## Run the lessons and store their outputs
	@$(WITH_ENGINE) $(BIN)/python tests/notebooks/record.py

exercises: $(VENV)/.developer ## Make exercises/ from solutions/
	@$(BIN)/python -m factorlab.exercises.generate

hooks: $(VENV)/.developer ## Check every commit as CI will
	@$(BIN)/pre-commit install

lint: $(VENV)/.developer ## Lint, format check, types, declared packages
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/deptry src

format: $(VENV)/.developer ## Format all Python, notebooks too
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(VENV)/.developer ## Resolve the locks anew from pyproject.toml and images/python
	@$(PIP) --quiet uv
	@$(UV) --upgrade --extra build pyproject.toml -o requirements.txt
	@$(UV) --upgrade --extra build --extra test -c requirements.txt pyproject.toml -o $(VENV)/all.txt
	@{ echo "-r requirements.txt"; awk 'NR == FNR { known[$$0]; next } /^[^ ]/ { keep = !($$0 in known) } keep' \
		requirements.txt $(VENV)/all.txt; } > requirements-dev.txt
	@$(UV) --upgrade images/python/requirements.in -o images/python/requirements.txt
	@$(UV) --upgrade tests/peers.in -o tests/peers.txt

images: $(VENV)/.learner ## Write all images into factorlab-images.tgz, for machines without a network
	@$(WITH_ENGINE) $(BIN)/factorlab images save factorlab-images.tgz

site: $(VENV)/.learner ## Write the lessons as pages to read without running, into site/
	@$(BIN)/python -m factorlab.site

clean: $(VENV)/.learner ## Remove everything the course ever created on the engine
	@$(BIN)/factorlab clean
