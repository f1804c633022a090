# Two commands matter: `make run` serves the product with demo data, `make test` tests it.
# Everything is done by the Python modules of nourx_site/local/.

PYTHON ?= python3
PY := .venv/bin/python
PREPARE := $(PYTHON) -I nourx_site/local/prepare.py

.PHONY: help run test check bench month texts docs assets clean

help: ## liste les commandes
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 : \2/p' Makefile

run: ## lance NOURX avec ses données de démonstration (PORT=8000)
	@$(PREPARE) run
	@$(PY) -m nourx_site.local.serve

test: ## vérifie tout, puis lance tous les tests (ARGS="tests/x -k y" pour en choisir)
	@$(PREPARE) test
	@exec $(PY) -m nourx_site.local.run_tests $(ARGS)

check: ## vérifie ce qui est rapide : format, types, contrats, gabarits, migrations
	@$(PREPARE) test
	@$(PY) -m nourx_site.local.check

bench: ## mesure les performances
	@$(PREPARE) test
	@exec $(PY) -m nourx_site.local.bench $(ARGS)

month: ## rejoue un mois d’agence et le prouve au franc près (ARGS=--small : en petit)
	@$(PREPARE) test
	@exec $(PY) -m nourx_site.local.month $(ARGS)

texts: ## rassemble les textes dans le catalogue anglais, et leurs espaces insécables
	@$(PREPARE) test
	@$(PY) -m nourx_site.local.typography
	@$(PY) -m nourx_site.local.catalogue $(ARGS)

docs: ## refait les captures d’écran de la documentation
	@$(PREPARE) test
	@exec $(PY) -m nourx_site.local.docs $(ARGS)

assets: ## reconstruit les fichiers CSS et JavaScript (demande Node.js)
	@cd nourx_site/assets && npm ci && npm run build

clean: ## arrête NOURX et supprime .venv et var de ce dossier
	@$(PYTHON) -I nourx_site/local/clean.py
