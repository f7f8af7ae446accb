# Works with GNU make 3.81, the one that macOS has.
.DEFAULT_GOAL := help
.PHONY: help run test bench check lint format services messages lock clean tools

PYTHON_HERE := .venv/bin/python
# What is set in the caller's shell for a shop of theirs must not reach the checks.
UNSET := env -u DJANGO_SETTINGS_MODULE -u DATABASE_URL -u REDIS_URL -u CELERY_BROKER_URL \
	-u EMAIL_URL -u MEDIA_URL -u DATA_DIR -u BASE_URL -u ALLOWED_HOSTS -u SECRET_KEY -u DEBUG
IN_MEMORY := DATABASE_URL=sqlite://:memory:
A_PRODUCTION := DJANGO_SETTINGS_MODULE=storefront.settings.production \
	ALLOWED_HOSTS=shop.example.com BASE_URL=https://shop.example.com \
	EMAIL_URL=smtp://mail.example.com DEFAULT_FROM_EMAIL=shop@example.com

help: ## show these lines
	@sed -n 's/^\([a-z]*\):.*## /make \1#/p' Makefile | awk -F'#' '{ printf "%-15s %s\n", $$1, $$2 }'

run: ## start the shop: PORT=8000 HOST=localhost DATA_DIR=var DEMO=0 DEBUG=1 OWNER_PASSWORD=...
	@sh site/bootstrap.sh requirements.txt
	@exec $(PYTHON_HERE) -m storefront.run

test: lint check ## all checks, then every test on SQLite and on PostgreSQL
	@echo 'Tests on SQLite:'
	@$(UNSET) $(PYTHON_HERE) -m pytest -n 2
	@url=$$($(PYTHON_HERE) -m tests.services) && if [ -n "$$url" ]; then \
		echo 'Tests on PostgreSQL:' && \
		$(UNSET) DATABASE_URL="$$url" $(PYTHON_HERE) -m pytest -n 2 -m 'not browser and not once'; fi

bench: tools ## measure the pages, and compare with bench/RESULTS.md (under 5 minutes)
	@$(UNSET) $(PYTHON_HERE) -m bench.pages

check: tools
	@echo 'manage.py check --deploy, with the production settings:'
	@key=$$($(PYTHON_HERE) -c 'import secrets; print(secrets.token_urlsafe(50))') && \
		$(UNSET) $(IN_MEMORY) $(A_PRODUCTION) SECRET_KEY="$$key" \
		$(PYTHON_HERE) manage.py check --deploy --fail-level WARNING
	@echo 'manage.py makemigrations --check:'
	@$(UNSET) $(IN_MEMORY) DJANGO_SETTINGS_MODULE=storefront.settings.test \
		$(PYTHON_HERE) manage.py makemigrations --check --dry-run

lint: tools ## ruff and djlint
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/djlint --lint --quiet templates

format: tools ## let ruff put the code in order
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

services: ## install and start PostgreSQL, RabbitMQ and Chromium for the tests (Debian, Ubuntu)
	@sh deploy/services.sh

messages: tools ## collect the texts to translate, and compile site/locale (needs gettext)
	@command -v msgfmt >/dev/null || { echo 'gettext is missing: apt-get install gettext, or brew install gettext' >&2; exit 1; }
	$(UNSET) $(IN_MEMORY) DJANGO_SETTINGS_MODULE=storefront.settings.test $(PYTHON_HERE) manage.py makemessages \
		-l ko -l zh_Hans --no-location --no-wrap --no-obsolete --ignore='.venv/*' --ignore='var/*'
	@# Without the date of the day, a catalogue changes only when its texts do.
	@cd site/locale && for po in */LC_MESSAGES/django.po; do \
		sed -i.bak '/^"POT-Creation-Date:/d' "$$po" && rm "$$po.bak" && \
		msgfmt --check-format --check-domain -o "$${po%po}mo" "$$po" || exit; done

lock: tools ## pin the groups of pyproject.toml anew (make lock UPGRADE=--upgrade)
	.venv/bin/uv pip compile --group pyproject.toml:shop $(LOCK) --output-file requirements.txt
	.venv/bin/uv pip compile --group pyproject.toml:dev $(LOCK) --output-file requirements-dev.txt

LOCK = --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet $(UPGRADE)

clean: ## remove what can be made again; never var/, which holds the shop
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

tools:
	@sh site/bootstrap.sh requirements-dev.txt
