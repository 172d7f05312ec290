# `make demo` shows the product; `make test` checks all of it. Both make .venv by themselves.

bin := .venv/bin
sources := widget tests $(wildcard bench/*.py)

# A test that is skipped because a browser, a database or nginx is missing proves nothing: with CI=true it fails.
ifeq ($(CI),true)
export WIDGET_TEST_REQUIRE_BROWSERS ?= 1
export WIDGET_TEST_REQUIRE_NGINX ?= 1
export WIDGET_TEST_REQUIRE_POSTGRES ?= 1
export WIDGET_TEST_REQUIRE_STRACE ?= 1
endif

.DEFAULT_GOAL := help
.PHONY: help demo test lint types units screens bench soak lock settings importing messages pictures wheel clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile

demo: .venv/ready-run ## an article page with the widget in it, a seeded thread and a moderator
	@$(bin)/comment-widget demo

test: ## everything that must hold before a commit: lint, types, units, screens
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory units
	@$(MAKE) --no-print-directory screens

lint: .venv/ready-test ## the shape of the code
	$(bin)/ruff format --check $(sources)
	$(bin)/ruff check $(sources)

types: .venv/ready-test ## mypy, strict
	$(bin)/mypy $(sources)

units: .venv/ready-test ## the tests that need no browser, two at a time
	@sh scripts/programs.sh front
	$(bin)/pytest -q -n 2 --dist loadfile --ignore tests/screens

screens: .venv/ready-test ## the tests in real browsers, one after the other
	@sh scripts/programs.sh browsers
	$(bin)/pytest -q tests/screens

bench: .venv/ready-test ## the numbers the product must reach, measured on this machine
	$(bin)/python -m bench

soak: ## hours under load
	@echo "There is no soak test yet." >&2; exit 1

lock: .venv/ready-test ## pin the requirements of pyproject.toml again
	@sh scripts/lock.sh

settings: .venv/ready-test ## docs/settings.md from widget/settings.py
	@$(bin)/python -m tests.house.settings_page > docs/settings.md

importing: .venv/ready-test ## docs/importing.md from the formats that the tests import
	@$(bin)/python -m tests.transfer.importing_page > docs/importing.md

messages: .venv/ready-test ## the words of templates and modules into widget/locale
	@$(bin)/python -m tests.house.messages

pictures: .venv/ready-test ## every page in Chromium, to look at: screenshots/
	@$(bin)/python -m tests.screens.pictures

wheel: .venv/ready-run ## dist/*.whl
	$(bin)/python -m hatchling build -t wheel

clean: ## remove everything that was made here but data/
	rm -rf .venv dist build .mypy_cache .ruff_cache .hypothesis screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready-run: requirements/run.txt requirements/build.txt pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh run

.venv/ready-test: requirements/test.txt pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh test
