# Two commands do everything, from nothing but Python 3.11 or newer:
#   make serve   virtual environment, installation, index, and the reading room in a browser
#   make test    the same installation with the tools of development, then lint, types and tests
#                (the tests in a browser need Debian's chromium: apt-get install chromium)
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.PHONY: serve test slow install catalogues clean

serve: $(VENV)/.installed
	$(BIN)/memcon serve

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m slow

install: $(VENV)/.installed

catalogues: $(VENV)/.installed
	$(BIN)/pybabel extract --mapping pyproject.toml --project memcon --add-location file --sort-by-file \
	    --add-comments Translators: --output ui/locales/memcon.pot ui
	$(BIN)/pybabel update --input-file ui/locales/memcon.pot --output-dir ui/locales --domain memcon \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("memcon needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP_INSTALL) --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
