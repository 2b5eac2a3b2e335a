# autoconn: query any HTTP API as PostgreSQL tables
#
# all, install, installcheck, clean are PGXS's and need PG_CONFIG.  The rest
# is listed by "make help"; test and demo need nothing but this file.

.DEFAULT_GOAL := all

EXTENSION = autoconn
MODULE_big = autoconn
DATA = $(sort $(wildcard sql/autoconn--*.sql))
PGFILEDESC = "autoconn - query any HTTP API as tables"

SRCS = $(sort $(wildcard src/*.c src/*/*.c))
OBJS = $(SRCS:.c=.o)
DEPS = $(OBJS:.o=.d)

REGRESS := $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --launcher=test/lib/mask
ISOLATION := $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=. --launcher=test/lib/mask
PROVE_TESTS := $(sort $(wildcard test/t/*.pl))
ifneq ($(PROVE_TESTS),)
TAP_TESTS = 1
endif
EXTRA_CLEAN = $(DEPS) build results log regression.diffs regression.out

PG_CONFIG ?= pg_config
PKG_CONFIG ?= pkg-config

# These targets run scripts that look after everything themselves.
SCRIPT_GOALS = help test demo deps test-real test-specs test-infer \
	test-matrix test-valgrind bench lint layers budgets format

.PHONY: $(SCRIPT_GOALS)
help:
	@sed -n 's/^## //p' Makefile
## make                 builds the extension (PG_CONFIG=path)
## make install         installs it
## make installcheck    tests what is installed, in a running server
## make test            installs what is missing, builds and runs every test
test:
	@test/run
## make demo            runs the README's session for real
demo:
	@test/demo
## make test-real       tests against servers that others wrote
test-real:
	@test/real/run
## make test-specs      real descriptions, AUTOCONN_SPECS=folder
test-specs:
	@test/descriptions/run
## make test-infer      scores the inference against a corpus with the truth
test-infer:
	@test/infer/run
## make test-matrix     make test on every supported PostgreSQL
test-matrix:
	@test/matrix
## make test-valgrind   the regression tests under valgrind
test-valgrind:
	@test/valgrind
## make bench           measures what test/bench/README.md describes
bench:
	@test/run exec test/bench/run
## make unit            unit tests alone, see test/README.md
## make fuzz            fuzzers, FUZZ_SECONDS each
## make lint            layers, budgets, format, headers, shell scripts
lint:
	@tools/lint
layers:
	@tools/layers
budgets:
	@tools/budgets
format:
	@tools/format
## make deps            only installs what is missing
deps:
	@tools/deps build test

# What is left needs a PostgreSQL to build against.
PGXS_GOALS = $(filter-out $(SCRIPT_GOALS),$(or $(MAKECMDGOALS),all))

ifneq ($(PGXS_GOALS),)

PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifeq ($(wildcard $(PGXS)),)
$(error cannot find PostgreSQL's development files through "$(PG_CONFIG) --pgxs"; run "tools/deps" to install what is missing, or set PG_CONFIG)
endif
ifneq ($(shell $(PKG_CONFIG) --exists 'libcurl >= 7.87' && echo yes),yes)
$(error autoconn needs libcurl 7.87 or newer with its development files, and $(PKG_CONFIG); run "tools/deps" to install what is missing)
endif
ifneq ($(shell $(PKG_CONFIG) --exists 'json-c >= 0.15' && echo yes),yes)
$(error autoconn needs json-c 0.15 or newer with its development files; run "tools/deps" to install what is missing)
endif
ifneq ($(shell $(PKG_CONFIG) --exists yaml-0.1 && echo yes),yes)
$(error autoconn needs libyaml with its development files; run "tools/deps" to install what is missing)
endif
ifneq ($(shell $(PKG_CONFIG) --exists 'libcrypto >= 3.0' && echo yes),yes)
$(error autoconn needs OpenSSL 3.0 or newer with its development files; run "tools/deps" to install what is missing)
endif

# What the pure layers link; the others are for the extension alone.
PURE_PACKAGES = json-c yaml-0.1
NET_PACKAGES = libcurl libcrypto

# PostgreSQL's headers have inline functions with unused parameters.
WARNINGS = -Wall -Wextra -Werror -Wno-unused-parameter
LIBS_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(NET_PACKAGES) $(PURE_PACKAGES))

PG_CPPFLAGS = -Isrc $(LIBS_CFLAGS) -MMD -MP
PG_CFLAGS = $(WARNINGS)

# Our Asserts, in a server that was built without its own: each server has the
# function that they call, and no structure of its headers depends on this.
ifdef ASSERTS
PG_CPPFLAGS += -DUSE_ASSERT_CHECKING
endif
PURE_LINK := $(shell $(PKG_CONFIG) --libs $(PURE_PACKAGES))
SHLIB_LINK = -Wl,-Bsymbolic-functions $(shell $(PKG_CONFIG) --libs $(NET_PACKAGES)) $(PURE_LINK)

# Bitcode would need clang at build time and buys a wrapper nothing.
override with_llvm = no

# installcheck needs the sample API beside the server: with-api starts one
# and comes back here with its address in the environment.
ifndef AUTOCONN_TEST_API
NO_INSTALLCHECK = 1
installcheck:
	test/lib/with-api $(MAKE) installcheck
endif

include $(PGXS)
-include $(DEPS)
PG_PROVE_FLAGS += -I test/lib

# Unit tests: the pure layers once more, as frontend code under sanitizers.
#	make unit [BUILD=dir] [UNITS="error url"] [PURE_SRCS="src/core/error.c ..."]
BUILD ?= build
PURE_SRCS = $(sort $(wildcard $(foreach d,core api policy drift,src/$(d)/*.c)))
FUZZ_OBJS = $(PURE_SRCS:src/%.c=$(BUILD)/fuzz/%.o)
PURE_OBJS = $(PURE_SRCS:src/%.c=$(BUILD)/unit/%.o)
FUZZ ?= $(patsubst test/fuzz/fuzz_%.c,%,$(sort $(wildcard test/fuzz/fuzz_*.c)))
UNITS ?= $(patsubst test/unit/test_%.c,%,$(sort $(wildcard test/unit/test_*.c)))
UNIT_PROGRAMS = $(UNITS:%=$(BUILD)/unit/test_%)

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
PURE_CPPFLAGS = -DFRONTEND -DUSE_ASSERT_CHECKING -D_GNU_SOURCE -Isrc \
	-Itest/unit -I$(includedir_server) -I$(includedir) $(LIBS_CFLAGS) -MMD -MP
PURE_CFLAGS = -O1 -g -fno-omit-frame-pointer -fno-strict-aliasing -fwrapv \
	$(WARNINGS) -Wmissing-prototypes -Wpointer-arith \
	-Wdeclaration-after-statement -Wvla -Wendif-labels \
	-Wmissing-format-attribute -Wimplicit-fallthrough=3 -Wcast-function-type
PURE_LDFLAGS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
PURE_LIBS = -L$(pkglibdir) -L$(libdir) -lpgcommon -lpgport \
	$(PURE_LINK) -lm

.PHONY: unit unit-programs
unit: unit-programs
	@test/unit/run $(UNIT_PROGRAMS)
unit-programs: $(UNIT_PROGRAMS)

$(BUILD)/unit/%.o: src/%.c
	@$(MKDIR_P) $(@D)
	@rm -f $@
	$(CC) $(PURE_CPPFLAGS) $(PURE_CFLAGS) $(SANITIZE) -c -o $@ $<

$(BUILD)/unit/%.o: test/unit/%.c
	@$(MKDIR_P) $(@D)
	@rm -f $@
	$(CC) $(PURE_CPPFLAGS) $(PURE_CFLAGS) $(SANITIZE) -c -o $@ $<

LIBPURE = $(BUILD)/unit/libpure.a $(BUILD)/fuzz/libpure.a

# An archive, so that a test links only what it reaches.  Where UNITS or FUZZ
# asks for some, a source that does not compile is left out and stops only
# those that need it.
ifneq ($(filter command,$(origin UNITS) $(origin FUZZ)),)
.PHONY: $(LIBPURE)
$(BUILD)/unit/libpure.a: OBJECTS = $(PURE_OBJS)
$(BUILD)/fuzz/libpure.a: OBJECTS = $(FUZZ_OBJS)
$(LIBPURE):
	-@$(MAKE) --no-print-directory -k $(OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ `ls $(OBJECTS) 2>/dev/null`
else
$(BUILD)/unit/libpure.a: $(PURE_OBJS)
$(BUILD)/fuzz/libpure.a: $(FUZZ_OBJS)
$(LIBPURE):
	@rm -f $@
	$(AR) rcs $@ $^
endif

$(UNIT_PROGRAMS): $(BUILD)/unit/test_%: $(BUILD)/unit/test_%.o \
		$(BUILD)/unit/alloc.o $(BUILD)/unit/libpure.a
	$(CC) $(SANITIZE) -o $@ $^ $(PURE_LDFLAGS) $(PURE_LIBS)

# These include net/sign.c, which is no pure one.
$(BUILD)/unit/test_sign $(BUILD)/unit/test_sigv4: PURE_LIBS += $(shell $(PKG_CONFIG) --libs libcrypto)

# For people, and for test/descriptions: what tables would a file become?
$(BUILD)/unit/plan_dump: $(BUILD)/unit/plan_dump.o $(BUILD)/unit/alloc.o \
		$(BUILD)/unit/libpure.a
	$(CC) $(SANITIZE) -o $@ $^ $(PURE_LDFLAGS) $(PURE_LIBS)

.PRECIOUS: $(BUILD)/unit/%.o
-include $(wildcard $(BUILD)/unit/*.d $(BUILD)/unit/*/*.d)


# Fuzzing: the same sources under clang's libFuzzer.  Without clang, seeds are
# at least replayed (make fuzz-seeds, a part of make test).
#	make fuzz [BUILD=dir] [FUZZ="url openapi"] [FUZZ_SECONDS=20]
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 20
FUZZ_PROGRAMS = $(FUZZ:%=$(BUILD)/fuzz/fuzz_%)
FUZZ_CFLAGS = -O1 -g -fno-omit-frame-pointer -fno-strict-aliasing -fwrapv \
	-Wall -Wextra -Werror -Wno-unused-parameter -Wno-ignored-attributes
SEED_PROGRAMS = $(FUZZ:%=$(BUILD)/unit/seeds_%)

.PHONY: fuzz fuzz-seeds
fuzz: $(FUZZ_PROGRAMS)
	@test/fuzz/run $(FUZZ_SECONDS) $(FUZZ_PROGRAMS)

$(BUILD)/fuzz/%.o: src/%.c
	@$(MKDIR_P) $(@D)
	$(FUZZ_CC) $(PURE_CPPFLAGS) $(FUZZ_CFLAGS) $(SANITIZE) \
		-fsanitize=fuzzer-no-link -c -o $@ $<

$(BUILD)/fuzz/alloc.o: test/unit/alloc.c
	@$(MKDIR_P) $(@D)
	$(FUZZ_CC) $(PURE_CPPFLAGS) $(FUZZ_CFLAGS) $(SANITIZE) -c -o $@ $<

$(BUILD)/fuzz/%.o: test/fuzz/%.c
	@$(MKDIR_P) $(@D)
	$(FUZZ_CC) $(PURE_CPPFLAGS) $(FUZZ_CFLAGS) $(SANITIZE) \
		-fsanitize=fuzzer-no-link -c -o $@ $<

$(FUZZ_PROGRAMS): $(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzz/fuzz_%.o \
		$(BUILD)/fuzz/alloc.o $(BUILD)/fuzz/libpure.a
	$(FUZZ_CC) $(SANITIZE) -fsanitize=fuzzer -o $@ $^ $(PURE_LDFLAGS) $(PURE_LIBS)

fuzz-seeds: $(SEED_PROGRAMS)
	@for t in $(FUZZ); do \
		$(BUILD)/unit/seeds_$$t test/fuzz/corpus/$$t || exit 1; done

$(BUILD)/unit/%.o: test/fuzz/%.c
	@$(MKDIR_P) $(@D)
	$(CC) $(PURE_CPPFLAGS) $(PURE_CFLAGS) $(SANITIZE) -c -o $@ $<

$(SEED_PROGRAMS): $(BUILD)/unit/seeds_%: $(BUILD)/unit/fuzz_%.o \
		$(BUILD)/unit/replay.o $(BUILD)/unit/alloc.o $(BUILD)/unit/libpure.a
	$(CC) $(SANITIZE) -o $@ $^ $(PURE_LDFLAGS) $(PURE_LIBS)

.PRECIOUS: $(BUILD)/fuzz/%.o
-include $(wildcard $(BUILD)/fuzz/*.d $(BUILD)/fuzz/*/*.d)

# Each header alone, in the worlds it is for.
.PHONY: headers
headers:
	@CC='$(CC)' BACKEND_FLAGS='$(CPPFLAGS) $(CFLAGS)' \
		FRONTEND_FLAGS='$(PURE_CPPFLAGS) $(PURE_CFLAGS)' tools/headers

endif
