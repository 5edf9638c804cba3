# Two commands do everything on a fresh machine: `make review` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
MODELS := .models/installed

.PHONY: review test check fix bench serve docs clean

review: $(MODELS)  ## review the sample packages end to end, with real OCR under Prefect
	$(BIN)/zishen batch sample_docs --expect

test: $(MODELS)  ## every test, the ones with a real OCR model included
	$(BIN)/pytest

check: $(STAMP)  ## what CI asks before the tests: lint, format, types, floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(STAMP)  ## let the formatter and the linter mend what they can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(MODELS)  ## speed against a bare PaddleOCR call, as ratios
	$(BIN)/python benchmarks/speed.py

serve: $(STAMP)  ## the Prefect dashboard on this machine
	PREFECT_HOME=$(CURDIR)/.zishen/prefect PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 $(BIN)/prefect server start

docs: $(STAMP)  ## write the generated reference pages anew
	$(BIN)/python -m docs.generate

clean:  ## forget the environment, the models and what a review kept
	rm -rf .venv .models .zishen

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	touch $@

$(MODELS): $(STAMP) extractors/data/models.yaml
	$(BIN)/zishen models install
	touch $@
