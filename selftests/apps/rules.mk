# SPDX-License-Identifier: GPL-2.0-only
# Programs as Debian and the kernel's tree have them, on xpoll: build/host/xpoll-apptests runs them.

APPTESTS_BIN := build/host/xpoll-apptests
APPTESTS_SRC := $(sort $(wildcard selftests/apps/*.cc))
APPTESTS_OBJ := $(APPTESTS_SRC:%.cc=build/host/obj/%.o)
APPTESTS_UTIL_OBJ := $(filter build/host/obj/selftests/util/%,$(SELFTESTS_OBJ))
APPTESTS_LDLIBS := -lmemcached -lhiredis -lhttp_parser $(SELFTESTS_LDLIBS)
PATIENCE := build/host/patience.so

.PHONY: apptests
apptests: $(APPTESTS_BIN) $(PATIENCE) build/apps/epoll_wakeup_test $(APPS_PACKAGES)

$(APPTESTS_OBJ): build/host/obj/%.o: %.cc
	@mkdir -p $(@D)
	@$(SAY) "  CXX     $<"
	$(CXX) $(SELFTESTS_CXXFLAGS) -MMD -MP -c -o $@ $<

$(APPTESTS_BIN): $(APPTESTS_OBJ) $(APPTESTS_UTIL_OBJ) build/host/libxpoll.a
	@$(SAY) "  LD      $@"
	$(CXX) -o $@ $^ $(APPTESTS_LDLIBS)

# wrk's script is part of the program.
NGINX_CHECK_INC := build/host/gen/apps/nginx_check.lua.inc
$(NGINX_CHECK_INC): build/host/gen/apps/%.inc: selftests/apps/%
	@mkdir -p $(@D)
	{ printf 'R"embedded('; cat $<; printf ')embedded"'; } >$@

build/host/obj/selftests/apps/nginx_wrk.o: $(NGINX_CHECK_INC)
build/host/obj/selftests/apps/nginx_wrk.o: SELFTESTS_CXXFLAGS += -Ibuild/host/gen/apps
lint-programs tidy/selftests/apps/nginx_wrk.cc: $(NGINX_CHECK_INC)
tidy/selftests/apps/nginx_wrk.cc: TIDY_FLAGS += -Ibuild/host/gen/apps

PATIENCE_OBJ := build/host/obj/selftests/apps/patience/patience.o

$(PATIENCE_OBJ): build/host/obj/%.o: %.cc
	@mkdir -p $(@D)
	@$(SAY) "  CXX     $<"
	$(CXX) $(SELFTESTS_CXXFLAGS) -fPIC -MMD -MP -c -o $@ $<

$(PATIENCE): $(PATIENCE_OBJ)
	@$(SAY) "  LD      $@"
	$(CXX) -shared -o $@ $^

-include $(APPTESTS_OBJ:.o=.d) $(PATIENCE_OBJ:.o=.d)

# The kernel's own test of epoll, built by its own Makefile. That of 6.1 serves all kernels: what it
# expects of epoll holds for each, and checkpatch comes from the same package.
KSELFTESTS := tools/testing/selftests
WAKEUP_TEST_DIR := $(KSELFTESTS)/filesystems/epoll
build/apps/epoll_wakeup_test: | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) source 6.1 $(WAKEUP_TEST_DIR) $(KSELFTESTS)/lib.mk $(KSELFTESTS)/kselftest.h \
		$(KSELFTESTS)/kselftest_harness.h >$@.source
	$(PLUS)$(OTHER_MAKE) -C "$$(cat $@.source)/$(WAKEUP_TEST_DIR)" OUTPUT=$(CURDIR)/$(@D) \
		>$@.log 2>&1 || { cat $@.log; exit 1; }

# A row of the summary for each kernel. APPTESTS picks tests. The emulated processors run in parallel: two
# threads of epoll_wakeup_test spin until it is their turn, 100,000 times.
APPS_ROWS := $(KERNELS:%=guest/%-apps)
APPS_GUEST = --parallel $(filter-out --parallel,$(MODULE_GUEST))
APPS_TIMEOUT ?= 1800
APPS_PACKAGES := build/apps/packages
$(APPS_PACKAGES): selftests/apps/packages.txt FORCE | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) packages $$(cat $<) >$@

$(APPS_ROWS): guest/%-apps:
	$(call guest-run,$*-apps,$*,$(APPS_GUEST),$(APPS_TIMEOUT),$(APPTESTS_BIN) \
		--gtest_output=json:/out/tests.json --packages "$$(cat $(APPS_PACKAGES))" \
		--xpoll-run $(XPOLL_RUN) --wakeup-test build/apps/epoll_wakeup_test --patience $(PATIENCE) --logs /out/logs \
		$(if $(APPTESTS),--gtest_filter='$(APPTESTS)'))
$(eval $(call check-target,check-apps,apptests $(PRELOAD) $(XPOLL_RUN) $(XPOLL_VM) module,$(APPS_ROWS)))
