# closedform: `make help` lists what can be made.

# A user's own LIBTORCH wins over the wheel.
export CLOSEDFORM_LIBTORCH := $(LIBTORCH)
# cpu or cuda; without it, what was installed last, at first cpu.
DEVICE ?=
export DEVICE
PYTHON ?= python3
TOOLS := $(CURDIR)/.tools
export LIBTORCH := $(if $(CLOSEDFORM_LIBTORCH),$(CLOSEDFORM_LIBTORCH),$(TOOLS)/libtorch)
export LD_LIBRARY_PATH := $(LIBTORCH)/lib$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))
export DYLD_LIBRARY_PATH := $(LIBTORCH)/lib$(if $(DYLD_LIBRARY_PATH),:$(DYLD_LIBRARY_PATH))

# Nothing is written to the user's home. Cargo's downloads stay where the user keeps them already.
# Asked by the shell, for $(wildcard) splits a path at its blanks.
HAS_OWN_CARGO := $(shell test -d .tools/cargo || ! test -d "$$HOME/.cargo" && echo yes)
export CARGO_HOME := $(or $(CARGO_HOME),$(if $(HAS_OWN_CARGO),$(TOOLS)/cargo,$(HOME)/.cargo))
export JUPYTER_CONFIG_DIR := $(TOOLS)/jupyter/config
export JUPYTER_DATA_DIR := $(TOOLS)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(TOOLS)/jupyter/runtime
export IPYTHONDIR := $(TOOLS)/jupyter/ipython
export PIP_CACHE_DIR := $(TOOLS)/pip
export PYTHONDONTWRITEBYTECODE := 1
# What else may lead Python and pip to another place.
unexport PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_USER := 0

VENV_PYTHON := .venv/bin/python
BOOK_PYTHON := .tools/book/bin/python
BOOK_TOOLS := .tools/book/installed
WHEEL_PYTHON := .tools/python/bin/python
WHEEL_TOOLS := .tools/python/installed
# Jupyter refuses the superuser, who is all there is in many containers.
ROOT_OPTION := $(if $(filter 0,$(shell id -u)),--allow-root)
PEERS := cargo run --release --manifest-path benches/peers/Cargo.toml --target-dir target/peers --
TESTS := cargo test --workspace --exclude closedform-python --lib --test network --test command_line --test long
# Built as the tests are, so that nothing is compiled twice.
BUILT := $(or $(CARGO_TARGET_DIR),target)/debug
FUZZ := cargo build --workspace --exclude closedform-python --bin fuzz && $(BUILT)/fuzz
FAULTS := $(VENV_PYTHON) scripts/faults/break.py $(BUILT)/closedform
DENY := .tools/deny/bin/cargo-deny
NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))

.PHONY: help setup lab test test-python test-cluster fuzz faults deny test-notebooks-varied lint build wheel run book book-pdf bench bench-effort bench-tables bench-kernel bench-pytorch doc clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16
	@echo
	@echo 'DEVICE=cuda installs libtorch with CUDA; LIBTORCH=FOLDER uses your own (environment.md).'

setup: ## install what is missing, inside this folder
	@$(PYTHON) scripts/setup.py

lab: setup ## set up, then open the notebooks in JupyterLab
	@$(VENV_PYTHON) -m jupyterlab --notebook-dir=notebooks $(ROOT_OPTION) $(LAB_OPTIONS)

test: setup lint ## set up, then run every test and every notebook
	$(TESTS)
	$(FUZZ) --inputs 1000000 --seconds 2
	@$(FAULTS) --rounds 1
	@$(MAKE) --no-print-directory test-cluster
	cargo test --workspace --doc
	cargo test --package closedform --features datasets,excel,onnx,parquet,plots --test library
	@$(MAKE) --no-print-directory test-python
	@$(VENV_PYTHON) scripts/kernel/check.py
	@$(VENV_PYTHON) scripts/execute.py --quick --jobs 2 --into target/notebooks $(NOTEBOOKS)
	@$(MAKE) --no-print-directory book

test-python: $(WHEEL_TOOLS) ## build the Python package as the tests are built, and run its tests
	@rm -rf target/wheels/dev
	@$(WHEEL_PYTHON) -m maturin build --quiet --profile dev --manifest-path python/Cargo.toml --out target/wheels/dev
	@$(WHEEL_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall target/wheels/dev/closedform-*.whl
	@$(WHEEL_PYTHON) -m pytest -rs python

test-cluster: setup ## break a study on a Slurm cluster of two nodes, made on this machine, and compare
	@$(TESTS) --no-run
	@$(VENV_PYTHON) scripts/cluster/broken.py $(BUILT)/closedform

fuzz: setup ## give broken and hostile inputs to every reader: FUZZ_OPTIONS='--inputs 1000000 --seed 7 csv'
	$(FUZZ) $(FUZZ_OPTIONS)

faults: setup ## kill runs, fill their disks, break their files, and compare: FAULTS_OPTIONS='--rounds 100'
	@$(TESTS) --no-run
	@$(FAULTS) $(FAULTS_OPTIONS)

deny: $(DENY) $(WHEEL_TOOLS) ## check licences, advisories and sources of all dependencies (needs the network)
	$(DENY) check
	@$(WHEEL_PYTHON) -m pip install --quiet --disable-pip-version-check pip-audit
	@$(WHEEL_PYTHON) -m pip_audit --requirement python/requirements.txt

$(DENY):
	cargo install --quiet --locked --root .tools/deny cargo-deny

test-notebooks-varied: setup ## execute every notebook with three other settings each (an hour)
	@$(VENV_PYTHON) scripts/execute.py --quick --varied --jobs 2 --into target/varied $(NOTEBOOKS)

lint: setup ## check formatting, links, clippy, and the documentation
	cargo fmt --all --check
	@$(VENV_PYTHON) scripts/links.py
	@$(VENV_PYTHON) scripts/quotes.py
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --package closedform-cli --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

build: setup ## build the command line: target/release/closedform
	cargo build --release

wheel: $(WHEEL_TOOLS) ## build the Python package: target/wheels/closedform-*.whl
	@rm -f target/wheels/closedform-*.whl
	@$(WHEEL_PYTHON) -m maturin build --quiet --release --manifest-path python/Cargo.toml --out target/wheels

$(WHEEL_TOOLS): python/requirements.txt
	@$(PYTHON) -m venv .tools/python
	@$(WHEEL_PYTHON) -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

run: setup ## execute one notebook and save its outputs: make run NOTEBOOK=notebooks/...
	@test -n "$(NOTEBOOK)" || { echo 'make: name a notebook: make run NOTEBOOK=notebooks/00_start_here.ipynb' >&2; exit 2; }
	@$(VENV_PYTHON) scripts/execute.py --in-place "$(NOTEBOOK)"

book: $(BOOK_TOOLS) ## render the notebooks, with their saved outputs, as a book: book/index.html
	@$(BOOK_PYTHON) scripts/book/build.py

book-pdf: $(BOOK_TOOLS) ## the same as one file, book/reading_networks.pdf (needs Chromium or Chrome)
	@$(BOOK_PYTHON) scripts/book/build.py --pdf

$(BOOK_TOOLS): scripts/book/requirements.txt
	@$(PYTHON) -m venv .tools/book
	@$(BOOK_PYTHON) -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

bench: setup ## time the search, then closedform beside its peers (benches/README.md)
	cargo bench
	$(PEERS) evaluation
	$(PEERS) gradients --seeds 1
	$(PEERS) labels --seeds 1
	$(PEERS) values
	$(PEERS) scaling

bench-effort: setup ## what every number of the search is good for (hours; goes on where it was stopped)
	cargo bench --bench effort -- --table benches/effort.md $(EFFORT_OPTIONS)

bench-tables: build ## compare formulas of noisy tables with Operon and others (hours; goes on where it was stopped)
	@cargo build --release --manifest-path benches/peers/Cargo.toml
	@test -x target/tables/venv/bin/python || python3 -m venv target/tables/venv
	@target/tables/venv/bin/python -m pip install --quiet --requirement benches/tables/requirements.txt
	@target/tables/venv/bin/python benches/tables/run.py $(TABLES_OPTIONS)

bench-kernel: setup ## time the notebooks' kernel
	@$(VENV_PYTHON) scripts/kernel/bench.py

bench-pytorch: build ## time an epoch of the paper's network beside PyTorch (installs 5 GB)
	@$(VENV_PYTHON) benches/pytorch/compare.py

doc: setup ## build the library's documentation: target/doc/closedform/index.html
	cargo doc --workspace --no-deps

clean: ## remove everything that the set-up and the builds made
	rm -rf target book .venv .tools
