# A thin alias: everything is in start.py, which also works where there is no make.
PYTHON ?= python3

.PHONY: lab test doctor data bench
lab test doctor:
	$(PYTHON) start.py $@
data:
	.venv/bin/python -m workshop.descriptors
bench:
	.venv/bin/python benchmarks/weibull.py
	.venv/bin/python benchmarks/repaint.py
