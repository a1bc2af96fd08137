# Each line works without make too.  Where there is no make (Windows, macOS):
#   python -m pip install .     then     cascade demo

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python,$(shell \
	$(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
VENV ?= .venv
HERE = $(VENV)/bin/python

.PHONY: setup demo test faults bench audit

setup: $(VENV)/.ready

# Again only when what is to be installed has changed.
$(VENV)/.ready: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Cascade needs Python 3.11 or newer. Install it, or say where it is: make setup PYTHON=/path/to/python3"; exit 1; }
	@test -x $(HERE) || { echo "Setting up in $(VENV). This takes a few minutes, once."; $(PYTHON) -m venv $(VENV); }
	@$(HERE) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(HERE) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Other options: make demo ARGS="--port 8871 --no-browser"
demo: setup
	@$(HERE) -m cascade_tools demo $(ARGS)

test: setup
	@$(HERE) -m tests $(ARGS)

faults: setup
	@$(HERE) -m tests --faults $(ARGS)

# Some of it: make bench ARGS="--only 1,5".  Less of it, to try: make bench ARGS=--quick
bench: setup
	@$(HERE) -m bench $(ARGS)

# What the kit is built of (CycloneDX, in build/sbom.json), and whether any of it is known to be
# unsafe.  Asks the Python Package Index; --strict: what cannot be looked up is no all-clear.
AUDIT = .venv-audit/bin
audit:
	@test -x $(AUDIT)/pip-audit || { $(PYTHON) -m venv .venv-audit && $(AUDIT)/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.9,<3" "cyclonedx-bom>=7,<8"; }
	@mkdir -p build
	@$(AUDIT)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o build/sbom.json
	@echo "Wrote build/sbom.json."
	@$(AUDIT)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict
