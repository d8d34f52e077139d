# make demo: set up, check and reconcile a sample. make test: everything that must hold before a change lands.
PYTHON ?= python3
BIN := .venv/bin
WHEEL = $(lastword $(sort $(wildcard dist/ledgerkit-*.whl)))
SAMPLE := samples/organs-union-2015/books

.PHONY: demo test types drift wheel generate office bench accuracy differential proof soak mutation clean

demo: .venv/ready
	@mkdir -p out
	$(BIN)/ledgerkit validate $(SAMPLE)
	@# The sample has faults planted on purpose, so that reconcile finds them and exits 1.
	$(BIN)/ledgerkit reconcile $(SAMPLE) -o out/summary.xlsx || test $$? -eq 1
	@echo
	@echo "out/summary.xlsx"

# The wheel is what is tested, not the source folder: the suite runs where no ledgerkit folder lies beside it.
test: wheel
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs=2 types drift
	cd tests && ../$(BIN)/python -P -m pytest -n auto --dist loadfile -m "not office"

# mypy takes one core and leaves the others idle: what is generated is looked at meanwhile.
types:
	$(BIN)/mypy

drift:
	$(BIN)/python generate.py --check

wheel: .venv/tools
	rm -rf build dist
	$(BIN)/pip wheel -q --no-deps -w dist .
	$(BIN)/pip install -q --force-reinstall --no-deps $$(ls dist/ledgerkit-*.whl)

# Templates, samples, docs, compiled sentences: all that is made from other files.
generate: .venv/tools
	$(BIN)/python generate.py

# Checks by LibreOffice; skipped, with that reason, where soffice is missing.
office: wheel
	cd tests && ../$(BIN)/python -P -m pytest -m office

bench: wheel
	$(BIN)/python -P benchmarks/startup.py
	$(BIN)/python -P benchmarks/branch.py
	$(BIN)/python -P benchmarks/truth.py
	$(BIN)/python benchmarks/sheets.py
	$(BIN)/python benchmarks/rules.py
	$(BIN)/python benchmarks/merge.py --sizes 100 1000

# Hostile files, damage, kills, refusing disks and thousands of files, into docs/reliability.md. It takes hours.
soak: wheel
	$(BIN)/python benchmarks/soak/run.py

# A sample of faults put into the code, tried on the tests; prints what they did not notice.
mutation: wheel
	$(BIN)/pip install -q ".[mutation]"
	$(BIN)/python benchmarks/mutation.py

# Every cell of a million as openpyxl has it, or another for a reason with a name.
differential: wheel
	$(BIN)/python benchmarks/differential.py

# The properties on ten thousand examples each, those of whole workbooks on two thousand; every workbook of every sample laid out in other ways.
proof: wheel
	cd tests && ../$(BIN)/python -P -m pytest -n auto --hypothesis-profile=proof test_properties_*.py test_samples_moved.py

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python setup.cfg
	$(BIN)/pip install -q .
	@touch $@

.venv/tools: .venv/bin/python setup.cfg
	$(BIN)/pip install -q ".[dev]"
	@touch $@

# Clean books and planted faults against the rules; writes docs/accuracy.md. BRANCHES, SEEDS, RULES narrow it.
accuracy: wheel
	$(BIN)/python -P benchmarks/accuracy/run.py $(if $(BRANCHES),--branches $(BRANCHES)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(RULES),--rules $(RULES))

clean:
	rm -rf .venv build dist out *.egg-info
