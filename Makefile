# Everything starts here: `make run` from a clean clone needs only Python 3.11 and make.

# python3.11 where there is one that runs, otherwise python3 if that is 3.11.
PYTHON ?= $(shell for each in python3.11 python3; do \
	$$each -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
CROSS ?= .venv-crosscheck
WORKERS ?= 2
DRAWS ?= 200
# Staffing against policy, for the picture in docs/staffing.md: each alone, and each pair.
STAFFING := officers_down officers_up vacancies_closed
POLICIES := technical_recall psychology_for_all weekly_contact
PAIRS := $(foreach staff,$(STAFFING),$(foreach policy,$(POLICIES),$(staff)+$(policy)))

.DEFAULT_GOAL := help
.PHONY: help run test lint crosscheck compiled slow identity killed bench docs sessions levers posterior clean

help:  ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: $(READY)  ## live through today's law, the law before November 2024 and a one-year Bill, and report
	@$(BIN)/ipp run current_law law_before_november_2024 one_year

test: $(READY)  ## check style and types, and run the tests that take seconds
	@$(MAKE) --no-print-directory --jobs 2 lint compiled
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

lint: $(READY)  ## check style and types
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

compiled: $(READY)  ## compile the rules, once for each version of the code
	@$(BIN)/python -m tests.compile_first

slow: compiled  ## run the tests that take minutes
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m slow

identity: $(READY)  ## compare ten million events of the two engines, byte for byte
	@$(BIN)/python -m pytest -q -m slow tests/test_identity.py

killed: $(READY)  ## kill an ensemble at ten random moments, resume it each time and compare every byte
	@$(BIN)/python -m pytest -q -m slow tests/test_ensemble.py

crosscheck: $(CROSS)/.ready  ## ask pyABC, in an environment of its own, for the posterior of a small problem that we fit too
	@$(CROSS)/bin/python -m pytest -q -m slow -s tests/test_crosscheck.py

bench: $(READY)  ## measure how fast the engines are
	@$(BIN)/python -m tests.benchmarks.bench

docs: run sessions  ## write the generated pages and pictures of docs/ from the registry and a run
	@$(BIN)/ipp assumptions > docs/.assumptions.md
	@mv docs/.assumptions.md docs/assumptions.md
	@$(BIN)/python -m results.workforce_table docs/staffing.md
	@$(BIN)/python -m results.limits > docs/.limits.md && mv docs/.limits.md docs/limits.md
	@newest="$$(dirname "$$(ls -t runs/*/run.json | head -n 1)")" && \
		$(BIN)/ipp check "$$newest" > docs/.fit.md && mv docs/.fit.md docs/fit.md && \
		$(BIN)/python -m results.pictures "$$newest" docs never-released recalled difference-one_year report

sessions: $(READY)  ## run the commands of the how-tos, and write what they print into the pages
	@$(BIN)/python -m tests.sessions docs/how-to/*.md

levers: $(READY)  ## live every Bill over draws of the beliefs, and write docs/levers.md and the picture of docs/staffing.md
	@$(BIN)/ipp levers --draws $(DRAWS) --page docs/levers.md
	@$(BIN)/ipp run $(STAFFING) $(POLICIES) $(PAIRS) --draws $(DRAWS) --lives 2
	@$(BIN)/python -m results.pictures "$$(dirname "$$(ls -t runs/*/run.json | head -n 1)")" docs together-recalled

posterior: $(READY)  ## learn the beliefs from the published counts again, and say what the fit is worth
	@$(BIN)/ipp fit --to calibration/posterior
	@$(BIN)/ipp validate --page docs/validation.md --to calibration/posterior

clean:  ## remove what was installed and cached; what was run stays
	@rm -rf $(VENV) $(CROSS) build .pytest_cache .mypy_cache .ruff_cache .hypothesis ./*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A folder that is there already is kept if its Python will do. The stamp is touched last, so an install
# that was cut short starts again.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed, and neither python3.11 nor python3 is it." >&2; exit 1; }
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
		|| $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(READY)

$(CROSS)/.ready: requirements-crosscheck.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed, and neither python3.11 nor python3 is it." >&2; exit 1; }
	@echo "Installing into $(CROSS) (once; a few minutes) ..."
	@$(PYTHON) -m venv --clear $(CROSS)
	@$(CROSS)/bin/python -m pip -qq --disable-pip-version-check install --require-hashes -r requirements-crosscheck.lock
	@touch $@
