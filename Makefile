# Two commands do all the set-up: `make course` and `make test`. `make` alone lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TORCH := $(shell sed -n 's/^torch==/&/p' constraints.txt)
# the CPU build; `make TORCH_INDEX= course` takes the default index, with CUDA on Linux
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help course test heavy scores browser colab lighthouse benchmarks setup notebooks figures book lite serve pdf release demo audit grade lint lock check clean
export PYTHONWARNINGS := ignore::DeprecationWarning

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

course: setup sandbox notebooks book demo  ## everything: notebooks, book, a graded sample class
	@echo
	@echo "Look at:"
	@echo "  the book        _build/html/index.html   (make serve shows it on localhost)"
	@echo "  the notebooks   notebooks/               ($(BIN)/jupyter lab notebooks)"
	@echo "  the gradebook   demo-class/gradebook.db"
	@echo "  the feedback    demo-class/feedback/"

test: setup sandbox browser-program database-program lint check book  ## install what is needed, pass every test
	$(BIN)/python -m pytest -n $(WORKERS)
	$(BIN)/autograder audit --no-matrix

setup: $(INSTALLED)  ## the Python environment in .venv

$(INSTALLED): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 3; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "python3 cannot make a virtual environment. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 3; }
	@echo "Installing PyTorch (CPU build) and all else, pinned; a few minutes the first time …"
	@$(if $(TORCH_INDEX),$(BIN)/pip install -q --no-deps --retries 0 --index-url $(TORCH_INDEX) '$(TORCH)' 2>/dev/null || \
	  echo "PyTorch's CPU index cannot be reached; taking torch from the default index.")
	@$(BIN)/pip install -q -c constraints.txt -e '.[test]' || \
	  { echo "pip could not install what is needed: is there a network? Then run make again."; exit 3; }
	@touch $@

# System programs: installed where that is allowed, asked for in plain words where it is not.
define program
	@command -v $(1) >/dev/null || { \
	  echo "$(3) needs $(1); installing the package $(2) …"; \
	  root=; [ "$$(id -u)" = 0 ] || root="sudo -n"; \
	  command -v apt-get >/dev/null && { $$root apt-get install -y -q $(2) >/dev/null 2>&1 \
	    || { $$root apt-get update -q && $$root apt-get install -y -q $(2); } >/dev/null 2>&1; } \
	  || { echo "$(3) needs the program $(1), and it could not be installed here. On Debian or Ubuntu: sudo apt-get install $(2)"; exit 3; }; }
endef

.PHONY: sandbox browser-program database-program
sandbox:
ifeq ($(shell uname),Linux)
	$(call program,bwrap,bubblewrap,The sandbox that grading runs in)
else
	@echo "Grading learners' work needs Linux (bubblewrap); Containerfile is the way on this machine."
endif

browser-program:
	$(call program,chromium,chromium,The tests of the site)

database-program:
	@test -n "$$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" || command -v initdb >/dev/null || $(MAKE) -s postgresql

.PHONY: postgresql
postgresql:
	$(call program,initdb,postgresql,The test of a PostgreSQL gradebook)

HUB := $(VENV)/.installed-hub
$(HUB): $(INSTALLED)
	@$(BIN)/pip install -q -c constraints.txt -e '.[hub]'
	@touch $@

.PHONY: hub-programs
hub-programs: sandbox browser-program $(HUB)
	$(call program,curl,curl,The walk in a JupyterHub)

.PHONY: hub
hub: hub-programs  ## hand in and get feedback in a real JupyterHub (minutes; root or sudo)
	$(BIN)/python -m pytest -m heavy tests/hub

heavy: setup sandbox browser-program database-program hub-programs book  ## the tests that take minutes each
	$(BIN)/python -m pytest -m heavy --ignore tests/colab

scores: setup sandbox  ## every stored answer of every chapter: the scores of stock nbgrader (half an hour)
	$(BIN)/python -m pytest -m heavy -n 2 tests/engine/test_same_scores.py

browser: setup browser-program book  ## every page in a browser: phone and desk, light and dark, axe
	$(BIN)/python -m pytest -m "heavy or not heavy" tests/browser

colab: setup  ## the learner's notebooks on Colab's oldest and newest libraries (python3.11, python3.12; gigabytes)
	$(BIN)/python -m pytest -m heavy tests/colab

lighthouse: setup browser-program book  ## Lighthouse on the site, against its budget
	$(BIN)/python benchmarks/lighthouse/run.py

benchmarks: setup sandbox  ## measure the engine, a class, the diagnosis and the chapters (half an hour)
	$(BIN)/python benchmarks/engine.py --write
	$(BIN)/python benchmarks/class.py --write
	$(BIN)/python benchmarks/diagnose.py --write
	$(BIN)/python benchmarks/chapters.py --write

notebooks: setup  ## derive notebooks/ and solutions/ from book/
	$(BIN)/autograder notebooks

check: setup  ## fail if a generated file is stale
	$(BIN)/autograder notebooks --check
	$(BIN)/python book/figures/fixtures.py --check

figures: setup  ## bundle the figures that one can touch
	$(BIN)/python -m autograder.site.bundle

book: figures  ## build the site into _build/html
	$(BIN)/python -m autograder.site build
	$(BIN)/python -m autograder.site lite

lite: setup  ## only Python in the page, into the site that is built
	$(BIN)/python -m autograder.site lite

serve: book  ## show the site on http://localhost:8000
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

demo: setup sandbox  ## make and grade the sample class in demo-class/
	$(BIN)/autograder demo

pdf: book browser-program  ## print the whole book into _build/apple-in-context.pdf
	$(BIN)/python -m autograder.site pdf

release: pdf  ## the PDF, the notebooks and the wheel of a version, into _build/release
	rm -rf _build/release build && mkdir -p _build/release
	cp _build/apple-in-context.pdf _build/release/
	$(BIN)/python -m zipfile -c _build/release/notebooks.zip notebooks/
	$(BIN)/pip wheel -q --no-deps --wheel-dir _build/release .

audit: setup sandbox  ## test the tests against every stored right and wrong answer
	$(BIN)/autograder audit

grade: setup sandbox  ## grade the class in class/ and write its feedback
	$(BIN)/autograder grade && $(BIN)/autograder feedback

lint: setup  ## style, format, types, and which way imports point
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

LOCK := _build/lock
lock:  ## write constraints.txt anew: a version that stands there stays, what is new comes in
	@rm -rf $(LOCK) && $(PYTHON) -m venv $(LOCK)
	@$(if $(TORCH_INDEX),$(LOCK)/bin/pip install -q --no-deps --retries 0 --index-url $(TORCH_INDEX) '$(TORCH)' 2>/dev/null || \
	  echo "PyTorch's CPU index cannot be reached; taking torch from the default index.")
	@$(LOCK)/bin/pip install -q -c constraints.txt -e '.[test,hub]'
	@{ sed '/^#/!d' constraints.txt; $(LOCK)/bin/pip freeze --exclude-editable | sed 's/+.*//' | LC_ALL=C sort -f; } > $(LOCK)/constraints.txt
	@mv $(LOCK)/constraints.txt constraints.txt && rm -rf $(LOCK)

clean:  ## remove what was built, not the environment and not a class
	rm -rf _build demo-class build dist *.egg-info .pytest_cache .ruff_cache
