# make report   set up, render the demo pack          make lab     open JupyterLab on the notebooks
#               (LANG=zh: the Chinese sample company)
# make test     set up, pass every check and test     make bench   measure speed and memory, as ratios
#                                                     make faults  kill fifty runs at random moments
#                                                     make bench-scale  millions of lines, and Spark

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
MONTH ?= 2026-10
DEMO := data/demo$(if $(filter zh,$(LANG)),.zh)
OUT := reports$(if $(filter zh,$(LANG)),/zh)
SPEAK := $(if $(filter zh,$(LANG)),LANG=C.UTF-8)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: report test lint types cells unit lab bench bench-scale faults notebooks catalogue references recording lock clean

report: $(READY) $(DEMO)/plan.yml
	@$(SPEAK) $(BIN)/salesnb report $(DEMO) --month $(MONTH) --out $(OUT)

data/demo.zh/plan.yml: $(READY)  # the same company in Chinese, made in two seconds
	@rm -rf data/demo.zh
	@$(SPEAK) $(BIN)/salesnb demo data/demo.zh --lang zh

test: lint
	@$(MAKE) --no-print-directory --jobs 3 types cells unit  # one core is idle while another checks types or runs a kernel

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --line-length 100 notebooks/*.ipynb notebooks/cookbook/*.ipynb
	$(BIN)/ruff check --line-length 100 --extend-select E501 --ignore I001 notebooks/*.ipynb notebooks/cookbook/*.ipynb

types: $(READY)
	$(BIN)/mypy

cells: $(READY)
	$(BIN)/pytest --nbval notebooks --ignore notebooks/cookbook --nbval-sanitize-with tests/nbval.cfg  # one kernel at a time: two that start together may take the same port

unit: $(READY)
	$(BIN)/pytest -n auto --dist worksteal --durations 12 tests

lab: $(READY)
	$(BIN)/jupyter lab notebooks

bench: $(READY)
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.coverage
	$(BIN)/python -m tests.test_null_companies
	$(BIN)/python -m tests.verdicts 400
	$(BIN)/python -m tests.test_missing_data
	@test ! -d ../shared/data || $(BIN)/python -m tests.test_foreign_public
	$(BIN)/python -m tests.benchmarks.forecasting
	HYPOTHESIS_PROFILE=exploring $(BIN)/pytest -q -n auto $$(grep -l hypothesis tests/test_*.py)  # new examples, where make test repeats its own

bench-scale: $(READY)  ## two and ten million order lines; SCALE=--hundred adds a hundred, SCALE=--quick leaves out ten
	$(BIN)/python -m tests.benchmarks.scale $(SCALE)
	$(BIN)/pip install -q "pyspark>=4,<5"
	$(BIN)/pytest -q tests/test_spark.py

faults: $(READY)  ## kill fifty runs at random moments: every pack stays whole and nothing is left behind
	$(BIN)/python -m tests.faults --kills 50

notebooks: $(READY)  ## execute the notebooks in place after a wanted change of their outputs
	$(BIN)/python tests/store_outputs.py

recording: $(READY)  ## draw what salesnb init prints of a file that nobody prepared
	.venv/bin/python -m tests.record_own_file

catalogue: $(READY)  ## collect new texts into the Chinese catalogue
	$(BIN)/python tests/collect_texts.py

references: $(READY)  ## renew what is generated from the code: data/README.md, data/plan.schema.json
	$(BIN)/python -m tests.write_references

lock: $(READY)  ## renew the lock file from pyproject.toml
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -U -o requirements.lock

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "salesnb needs Python 3.11 or newer: install it, or call make PYTHON=/path/to/python"; exit 2; }
	@echo "setting up .venv with $$($(PYTHON) --version) (a minute or two, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache build dist
