# `make demo` shows the product; `make test` checks all of it. Both make .venv by themselves.

bin := .venv/bin
served := $(addprefix tests/,comments jobs limits logbook mail moderation pages people privacy reports search sites spam threads web)
sources := widget tests $(wildcard bench/*.py soak/*.py scripts/*.py)

# A test that is skipped because a browser, a database or nginx is missing proves nothing: with CI=true it fails.
ifeq ($(CI),true)
export WIDGET_TEST_REQUIRE_BROWSERS ?= 1
export WIDGET_TEST_REQUIRE_NGINX ?= 1
export WIDGET_TEST_REQUIRE_POSTGRES ?= 1
export WIDGET_TEST_REQUIRE_STRACE ?= 1
endif

.DEFAULT_GOAL := help
.PHONY: help demo test lint types units screens servers bench soak lock settings importing security asvs messages pictures wheel release audit clean

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

servers: .venv/ready-test ## the tests of the pages again, over sockets, on plain uvicorn and on granian
	WIDGET_TEST_SERVER=uvicorn $(bin)/pytest -q -n 2 --dist loadfile -k "not postgres" $(served)
	WIDGET_TEST_SERVER=granian $(bin)/pytest -q -n 2 --dist loadfile -k "not postgres" $(served)

bench: .venv/ready-test ## the numbers the product must reach, measured on this machine
	$(bin)/python -m bench

soak: .venv/ready-test ## faults and load for an hour: what the short tests in tests/faults show, at length
	@sh scripts/programs.sh front
	$(bin)/python -m soak

lock: .venv/ready-test ## pin the requirements of pyproject.toml again
	@sh scripts/lock.sh

settings: .venv/ready-test ## docs/settings.md from widget/settings.py
	@$(bin)/python -m tests.house.settings_page > docs/settings.md

importing: .venv/ready-test ## docs/importing.md from the formats that the tests import
	@$(bin)/python -m tests.transfer.importing_page > docs/importing.md

security: .venv/ready-test ## docs/security.md from the cases and the tests that are marked with them
	@$(bin)/python -m tests.house.security_page > docs/security.md

asvs: .venv/ready-test ## docs/asvs.md from its rows
	@$(bin)/python -m tests.house.asvs_page > docs/asvs.md

messages: .venv/ready-test ## the words of templates and modules into widget/locale
	@$(bin)/python -m tests.house.messages

pictures: .venv/ready-test ## every page in Chromium, to look at: screenshots/
	@$(bin)/python -m tests.screens.pictures

wheel: .venv/ready-run ## dist/*.whl
	$(bin)/python -m hatchling build -t wheel

release: .venv/ready-test ## dist/: the wheel, its list of components (SBOM) and checksums
	@sh scripts/release.sh

audit: .venv/ready-test ## ask whether any locked version has a known fault; needs the network
	@sh scripts/audit.sh

clean: ## remove everything that was made here but data/
	rm -rf .venv dist build .mypy_cache .ruff_cache .hypothesis screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready-run: requirements/run.txt requirements/build.txt pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh run

.venv/ready-test: requirements/test.txt pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh test
