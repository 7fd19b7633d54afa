# MINT Conformance. `make` prints what there is. Go, git, make and bash are all
# that must be installed; a browser, a Redis server, a Docker engine and a C
# compiler (race tests) are found, or installed on Debian, by scripts/ when a target needs one.
#
# GOFLAGS and the other variables of the go command are respected.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

GO ?= go
# One set of compiled packages for the programs and the tests; the race
# detector alone needs cgo. No VCS stamp: a build must not depend on who owns
# the checkout, and a commit that changes no code must not relink.
export CGO_ENABLED := 0
BUILD := $(GO) build -trimpath -buildvcs=false -ldflags '-s -w'
PROGRAMS := ./mockplatform/cmd/mockplatform ./client/cmd/mint ./steps/cmd/conformance
LINT := $(GO) tool -modfile=scripts/tools.mod golangci-lint
# Servers that the checks are tried on, a module of its own for their libraries.
FOREIGN := steps/selftest/foreign

# What `make conformance` hands to bin/conformance run; see scripts/conformance.
export TARGET TOPOLOGY CHECK TAGS OUT HEADED ARGS
# What `make test` is to reach for; see scripts/test.
export CONTAINERS

##@ Run

.PHONY: conformance
conformance: build ## Main job: every scenario in a real browser; see the variables below
	@scripts/conformance

# Images hold Linux programs; on another system they are built beside the own.
ifeq ($(TOPOLOGY),containers)
ifneq ($(shell $(GO) env GOOS),linux)
conformance: build-linux
endif
endif

.PHONY: demo
demo: build ## Start a mock Platform and MINT to click through; Ctrl-C stops both
	@scripts/demo

.PHONY: selftest
selftest: build ## Show that each check can fail: every known defect, lawful oddities, useless servers, repetitions (minutes)
	@scripts/conformance selftest

##@ Develop

.PHONY: build
build: ## Build the three static programs into bin/ (nothing changed: under a second)
	@mkdir -p bin
	@$(BUILD) -o bin/ $(PROGRAMS)

.PHONY: build-linux
build-linux:
	@mkdir -p bin/linux
	@GOOS=linux $(BUILD) -o bin/linux/ $(filter-out %/conformance,$(PROGRAMS))

.PHONY: test
test: build ## All Go tests, with a browser and Redis; CONTAINERS=1 adds those with a Docker engine
	@scripts/test $(TESTFLAGS) ./...
	@cd $(FOREIGN) && $(GO) test $(TESTFLAGS) ./...

.PHONY: check
check: format vet tidy lint race ## What CI asks of every change: format, vet, tidy, lint, race tests (no browser, no Docker)

.PHONY: format
format: ## Fail when a file is not formatted by gofmt
	@echo 'gofmt -l .'
	@files=$$("$$($(GO) env GOROOT)/bin/gofmt" -l .) && [[ -z $$files ]] || { printf 'not formatted, run gofmt -w on:\n%s\n' "$$files" >&2; exit 1; }

.PHONY: vet
vet: ## go vet
	$(GO) vet ./...
	cd $(FOREIGN) && $(GO) vet ./...

.PHONY: tidy
tidy: ## Fail when go.mod or go.sum holds too much or too little
	$(GO) mod tidy -diff
	cd $(FOREIGN) && $(GO) mod tidy -diff

.PHONY: lint
lint: ## golangci-lint, pinned in scripts/tools.mod (the first run compiles it: two minutes on two cores)
	$(LINT) run ./...
	cd $(FOREIGN) && $(GO) tool -modfile=$(CURDIR)/scripts/tools.mod golangci-lint run ./...

.PHONY: race
race: ## The tests that need neither browser nor Docker, with the race detector
	@scripts/race $(TESTFLAGS) ./...

.PHONY: bench
bench: ## Benchmarks, the figures of mockplatform/internal/web/measure among them (MINT_BENCH_SOAK=10m: a soak)
	@REDIS_SERVER="$$(scripts/redis || true)" $(GO) test -run '^$$' -bench . -benchmem -timeout 1h $(TESTFLAGS) ./...

.PHONY: clean
clean: ## Remove everything that make has built or written
	rm -rf bin build

.PHONY: help
help: ## Print this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '%s\n' '' 'Variables of make conformance' \
		'  TOPOLOGY=replicas          RFC scenarios on two mock servers over one Redis, request by request in turn' \
		'  TOPOLOGY=containers        the shipped programs in images (embedded: one process, the default)' \
		'  TAGS="@mint and not @U-10"   only the scenarios whose tags match' \
		'  CHECK=CG-08                only this check; several separated by spaces or commas' \
		'  TARGET=FILE|mock:PROFILE   what is checked' \
		'  OUT=DIR                    where the report goes (build/conformance)' \
		'  HEADED=1                   show the browser' \
		'  ARGS=...                   further options of bin/conformance run' \
		'Variables of make test, race, bench' \
		'  CONTAINERS=1               make test: with the tests that need a Docker engine' \
		'  TESTFLAGS=...              options of go test, such as TESTFLAGS="-run Refresh -v"'
