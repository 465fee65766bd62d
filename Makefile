# Names for the commands of dev.py, which does the work: `make test ARGS="-k merkle"`.
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
COMMANDS := setup check test conformance verapdf demo bench lock format docs errors glossary screenshots

.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) dev.py help

$(COMMANDS):
	@$(PYTHON) dev.py $@ $(ARGS)

# `make bench-startup` runs bench/startup.py.
bench-%:
	@$(PYTHON) dev.py bench $*
