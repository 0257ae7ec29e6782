# The developer's front. Users need only ./run and ./test.
.DEFAULT_GOAL := help
NODE := runtime-js/node_modules/.bin/node
CPP := git ls-files --cached --others --exclude-standard '*.h' '*.cc'
SECONDS ?= 600
SEEDS ?= 100000

help: ## this list
	@grep -hE '^[a-z][a-z0-9-]*:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: ## install Debian and npm packages for building and testing
	@bash -euc '. packaging/setup.sh; takeSetupLock; setUpMachine run test long; setUpNode'

build: ## build the release preset, tests included
	@bash -euc '. packaging/setup.sh; takeSetupLock; setUpMachine run; setUpNode; buildPreset release'

dev: ## build the dev preset (debug)
	@bash -euc '. packaging/setup.sh; takeSetupLock; setUpMachine run; setUpNode; buildPreset dev'

run: ## build and start the server
	@./run

test: ## the test suite
	@./test

asan: ## tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@PATCHBAY_LONG=asan ./test --long

tsan: ## everything under ThreadSanitizer, the server too
	@PATCHBAY_LONG=tsan ./test --long

e2e: ## the shipped binary, driven through REST
	@./test -L e2e

soak: ## random kills, I/O errors and a full disk under load, SECONDS=600
	@./run --build-only
	@cmake --build build/release --target faulty_disk
	@PATCHBAY_SOAK_SECONDS=$(SECONDS) $(NODE) --test tests/soak/soak.test.js

simulate: ## worlds of chance for engine, queue and store, SEEDS=100000
	@cmake --build build/release --target simulate
	@build/release/bin/simulate --seeds $(SEEDS)

fuzz: ## libFuzzer, SECONDS=600 per target
	@PATCHBAY_LONG=fuzz PATCHBAY_FUZZ_SECONDS=$(SECONDS) ./test --long

bench: ## Patchbay against Node-RED in one run
	@./run --build-only
	@test -d bench/node_modules || (cd bench && ../$(NODE) ../runtime-js/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund)
	@$(NODE) bench/run.js

format: ## format all C++ files
	@$(CPP) | xargs clang-format -i

lint: ## fail where a C++ file is not formatted
	@$(CPP) | xargs clang-format --dry-run -Werror

verify: ## what continuous integration runs
	@.ci/run

.PHONY: help setup build dev run test asan tsan e2e soak simulate fuzz bench format lint verify
