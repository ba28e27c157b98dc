# Everything runs inside .venv, which is made from the lock files when they change. `make help` lists what there is.
# All paths are relative, so that a checkout may lie in a folder with spaces.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.SUFFIXES:

PORT ?= $(or $(WORKSHOP_PORT),8000)
# Not ?=: some shells export HOST as the name of the machine.
HOST = $(or $(WORKSHOP_HOST),127.0.0.1)
# The interpreter to make .venv with, and what to hand to pytest, e.g. make test ARGS="-k verdict -x"
PYTHON ?=
ARGS ?=

BIN := .venv/bin
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development

# A checkout that was moved, or whose Python is gone, needs its environment made anew.
ifneq ($(shell test -x $(BIN)/python && cat .venv/.place 2>/dev/null),$(CURDIR))
.PHONY: $(RUNTIME) $(DEVELOPMENT)
endif

.PHONY: help
help: ## list these targets
	@echo 'Attention Workshop: learn attention mechanisms by writing them.'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; \
	  do printf '%-16s %s\n' "$$name" "$$text"; done
	@echo
	@echo 'Variables: PORT=8000 HOST=127.0.0.1 (serve), ARGS="…" (serve, test, bench, check), PYTHON=python3.12 (first time)'

.PHONY: serve
serve: $(RUNTIME) ## install what is needed and serve a demo course on http://localhost:8000
	@$(BIN)/python -m webapp.assets_build
	@exec $(BIN)/workshop serve --host "$(HOST)" --port "$(PORT)" $(ARGS)

.PHONY: test
test: $(DEVELOPMENT) ## run every test; what this machine cannot run is skipped with its reason
	@$(BIN)/python -m webapp.assets_build
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=10 -r sfE $(ARGS)

.PHONY: lint
lint: $(DEVELOPMENT) ## ruff, mypy (strict) and the import contracts
	@status=0; \
	for check in 'ruff check' mypy 'lint-imports --no-logo'; do \
	  echo "lint: $$check" >&2; $(BIN)/$$check || status=1; \
	done; exit $$status

.PHONY: fmt
fmt: $(DEVELOPMENT) ## mend what ruff can mend, and format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: check
check: $(RUNTIME) ## prove the shipped question banks
	@$(BIN)/workshop check questions/banks $(ARGS)

.PHONY: bank-page
bank-page: $(RUNTIME) ## write docs/bank.md anew: what the shipped bank holds, and how long each item takes to prove
	@$(BIN)/python .ci/bank_page.py

.PHONY: bench
bench: $(DEVELOPMENT) ## compare with a container per submission, cold pytest and the floor; writes build/bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: bench-web
bench-web: $(DEVELOPMENT) ## click to verdict, server time and page weight in a browser; writes build/bench-web.json
	@$(BIN)/python -m webapp.assets_build
	@$(BIN)/python -m tests.bench_web $(ARGS)

.PHONY: load
load: $(DEVELOPMENT) ## 300 students on one assignment at once: nothing lost, every verdict right; writes build/load.json
	@$(BIN)/python -m webapp.assets_build
	@$(BIN)/python -m tests.load $(ARGS)

.PHONY: chaos
chaos: $(DEVELOPMENT) ## 2,000 submissions while everything that judges them is killed; ARGS="--parts cluster"; build/chaos-*.json
	@$(BIN)/python -m webapp.assets_build
	@$(BIN)/python -m tests.chaos $(ARGS)

.PHONY: simulate
simulate: $(DEVELOPMENT) ## a deadline with 100,000 students, and a small one for real beside it; writes build/simulate.json
	@$(BIN)/python -m tests.simulate $(ARGS)

.PHONY: fuzz
fuzz: $(DEVELOPMENT) ## mangle what is said between processes, e.g. ARGS="--minutes 5"; prints seeds
	@$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: doctor
doctor: $(RUNTIME) ## say whether this machine can confine code, and what mends it
	@$(BIN)/workshop doctor $(ARGS)

.PHONY: lock
lock: $(DEVELOPMENT) ## pin the versions of .venv in requirements*.txt
	@$(BIN)/python .ci/lock.py

.PHONY: clean
clean: ## remove what can be made again (.venv, assets, caches); never var/, which holds the database
	rm -rf .venv build webapp/static/built webapp/assets/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis ./*.egg-info
	find grader questions sandbox webapp tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the environment -------------------------------------------------------------------------------------------------

$(RUNTIME): requirements.txt requirements-node.txt pyproject.toml .ci/environment.py
	@$(PREPARE) runtime

$(DEVELOPMENT): requirements.txt requirements-cluster.txt requirements-dev.txt requirements-node.txt pyproject.toml .ci/environment.py
	@$(PREPARE) development

define PREPARE
command -v python3 >/dev/null || { \
  echo 'python3 was not found: sudo apt-get install -y python3 python3-venv  (macOS: brew install python@3.13)' >&2; exit 1; }; \
PYTHON="$(PYTHON)" python3 .ci/environment.py
endef
