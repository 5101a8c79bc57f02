# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-apptests runs unmodified programs of Debian, npm and the kernel tree on xpoll.

APPTESTS_BIN := build/host/xpoll-apptests
WAKEUP_TESTS := $(patsubst %,build/apps/wakeup/%/epoll_wakeup_test,dynamic static)
APPTESTS_SRC := $(sort $(wildcard selftests/apps/*.cc))
APPTESTS_OBJ := $(APPTESTS_SRC:%.cc=build/host/obj/%.o)
APPTESTS_LDLIBS := -lmemcached -lhiredis -lhttp_parser $(SELFTESTS_LDLIBS)

# Links to the directories into which the programs are unpacked.
APPS_PACKAGES := build/apps/packages
APPS_NODE := build/apps/node_modules

# Small servers, as source or compiled with the programs that run them, which are not installed either.
SERVERS := build/apps/servers
SERVERS_FILES := $(addprefix $(SERVERS)/,http_server.js http_server.py HttpServer.class http_server.beam http_server)

$(APPS_PACKAGES): selftests/apps/packages.txt FORCE | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) packages $$(cat $<) >$@

$(APPS_NODE): FORCE | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) npm selftests/apps/node >$@

.PHONY: apptests
apptests: $(APPTESTS_BIN) $(HTTP_EXAMPLES) $(WAKEUP_TESTS) $(SERVERS_FILES) $(APPS_PACKAGES) $(APPS_NODE)

$(eval $(call host-objects,$(APPTESTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(APPTESTS_BIN),$(APPTESTS_OBJ) $(SELFTESTS_LIBS),$$(APPTESTS_LDLIBS)))

# wrk's script is part of the program.
NGINX_CHECK_INC := build/host/gen/apps/nginx_check.lua.inc
$(NGINX_CHECK_INC): build/host/gen/apps/%.inc: selftests/apps/%
	@mkdir -p $(@D)
	{ printf 'R"embedded('; cat $<; printf ')embedded"'; } >$@

build/host/obj/selftests/apps/nginx_wrk.o: $(NGINX_CHECK_INC)
build/host/obj/selftests/apps/nginx_wrk.o: SELFTESTS_CXXFLAGS += -Ibuild/host/gen/apps
NGINX_WRK_TIDY := tidy/selftests/apps tidy/selftests/apps/nginx_wrk.cc
lint-programs $(NGINX_WRK_TIDY): $(NGINX_CHECK_INC)
$(NGINX_WRK_TIDY): TIDY_FLAGS += -Ibuild/host/gen/apps

$(SERVERS)/%: selftests/apps/servers/%
	@mkdir -p $(@D)
	cp $< $@

# The JRE contains the compiler's module but not the program javac.
$(SERVERS)/%.class: selftests/apps/servers/%.java selftests/apps/packages.txt | $(APPS_PACKAGES)
	@mkdir -p $(@D)
	@$(SAY) "  JAVAC   $<"
	packages=$$(cat $(APPS_PACKAGES)); \
	export LD_LIBRARY_PATH=$$packages/usr/lib/x86_64-linux-gnu; \
	$$packages/usr/lib/jvm/java-17-openjdk-amd64/bin/java -m jdk.compiler/com.sun.tools.javac.Main \
		-Xlint:all -Werror -d $(@D) $<

# Static, because cgo is off. GOROOT is the directory into which the package was unpacked.
$(SERVERS)/http_server: selftests/apps/servers/http_server.go selftests/apps/packages.txt | $(APPS_PACKAGES)
	@mkdir -p $(@D)
	@$(SAY) "  GO      $<"
	export GOROOT=$$(echo $$(cat $(APPS_PACKAGES))/usr/lib/go-*) GOCACHE=$(CURDIR)/build/apps/go; \
	export CGO_ENABLED=0 GO111MODULE=off GOFLAGS=-buildvcs=false; \
	$$GOROOT/bin/go vet $< && $$GOROOT/bin/go build -o $@ $<

# Replaces the script erl, which assumes that Erlang is in /usr/lib/erlang.
$(SERVERS)/%.beam: selftests/apps/servers/%.erl selftests/apps/packages.txt | $(APPS_PACKAGES)
	@mkdir -p $(@D)
	@$(SAY) "  ERLC    $<"
	packages=$$(cat $(APPS_PACKAGES)); \
	export LD_LIBRARY_PATH=$$packages/usr/lib/x86_64-linux-gnu ROOTDIR=$$packages/usr/lib/erlang; \
	export BINDIR=$$(echo $$ROOTDIR/erts-*/bin) EMU=beam PROGNAME=erl; \
	$$BINDIR/erlexec -noinput -eval "case compile:file(\"$<\", [report, warnings_as_errors, \
		{outdir, \"$(@D)\"}]) of {ok, _} -> halt(0); error -> halt(1) end."

PATIENCE_OBJ := build/host/obj/selftests/apps/patience/patience.o

$(eval $(call cxx-objects,$(PATIENCE_OBJ),$$(SELFTESTS_CXXFLAGS) -fPIC))

# The kernel's own epoll test, built by its own Makefile, as a dynamic and as a static program. 6.1's version serves all
# kernels: its expectations hold for each, and checkpatch comes from the same package.
KSELFTESTS := tools/testing/selftests
WAKEUP_TEST_DIR := $(KSELFTESTS)/filesystems/epoll
build/apps/wakeup/%/epoll_wakeup_test: $(PATIENCE_OBJ) | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) source 6.1 $(WAKEUP_TEST_DIR) $(KSELFTESTS)/lib.mk $(KSELFTESTS)/kselftest.h \
		$(KSELFTESTS)/kselftest_harness.h >$@.source
	$(PLUS)$(OTHER_MAKE) -C "$$(cat $@.source)/$(WAKEUP_TEST_DIR)" OUTPUT=$(CURDIR)/$(@D) \
		LDLIBS='$(CURDIR)/$(PATIENCE_OBJ) -lpthread$(if $(filter static,$*), -static)' \
		>$@.log 2>&1 || { cat $@.log; exit 1; }

# One row of the summary per kernel. APPTESTS selects tests. The emulated processors run in parallel, since two
# threads of epoll_wakeup_test spin 100,000 times until it is their turn.
APPS_ROWS := $(KERNELS:%=guest/%-apps)
APPS_GUEST = --parallel $(filter-out --parallel,$(MODULE_GUEST))
APPS_TIMEOUT ?= 1800
# npm fetches Node.js. An npm from another source is kept, because Debian's package conflicts with it.
APPS_SETUP = $(if $(shell command -v npm),,npm)

apps-row = $(APPTESTS_BIN) --packages "$$(cat $(APPS_PACKAGES))" --node-modules "$$(cat $(APPS_NODE))" \
	--servers $(SERVERS) --xpoll-run $(XPOLL_RUN) --wakeup-tests build/apps/wakeup \
	--logs /out/logs $(if $(APPTESTS),--gtest_filter='$(APPTESTS)')
apps-seconds = $(APPS_TIMEOUT)
$(eval $(call guest-row,apps,$$(APPS_GUEST)))
$(eval $(call check-target,check-apps,apptests $(PRELOAD) $(XPOLL_RUN) $(XPOLL_VM) module,$(APPS_ROWS)))
check-apps: APPS := 1
