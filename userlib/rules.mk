# SPDX-License-Identifier: MIT
# libxpoll (shared and static), its examples, unit tests and man pages, and their installation.

LIBXPOLL_SONAME := libxpoll.so.0
# The number in the soname is that of the ABI; while it is 0, the first one of the version says nothing.
LIBXPOLL_SHARED := $(BUILD)/$(LIBXPOLL_SONAME).$(patsubst 0.%,%,$(XPOLL_VERSION))
LIBXPOLL_STATIC := $(BUILD)/libxpoll.a
LIBXPOLL_MAP := userlib/src/libxpoll.map

USERLIB_INCLUDES := -Iuserlib/include -Iuapi
USERLIB_EXTRA_FLAGS ?=
# 64-bit time is the default on 64-bit machines; a 32-bit build needs to be told.
USERLIB_CFLAGS := -std=gnu11 -Wall -Wextra $(WERROR) $(CPPFLAGS) $(CFLAGS) -fPIC -fexceptions \
	-D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 $(USERLIB_INCLUDES) $(USERLIB_EXTRA_FLAGS)
USERLIB_CXXFLAGS := $(HOST_CXXFLAGS) $(USERLIB_INCLUDES) $(USERLIB_EXTRA_FLAGS)

LIBXPOLL_SRC := $(sort $(wildcard userlib/src/*.c))
LIBXPOLL_OBJ := $(LIBXPOLL_SRC:%.c=$(BUILD)/obj/%.o)

.PHONY: userlib
userlib: $(LIBXPOLL_SHARED) $(LIBXPOLL_STATIC)

$(LIBXPOLL_OBJ): $(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@$(SAY) "  CC      $<"
	$(CC) $(USERLIB_CFLAGS) -MMD -MP -c -o $@ $<

# With exceptions pthread_cleanup_push() needs libgcc_s, which a program in C may not have.
$(BUILD)/obj/userlib/src/ring_cancel.o: USERLIB_CFLAGS += -fno-exceptions -fasynchronous-unwind-tables

# Linked by the C compiler, so that a need for libstdc++ is an error.
$(LIBXPOLL_SHARED): $(LIBXPOLL_OBJ) $(LIBXPOLL_MAP)
	@$(SAY) "  LD      $@"
	$(CC) -shared $(CFLAGS) $(LDFLAGS) $(USERLIB_EXTRA_FLAGS) -Wl,-soname,$(LIBXPOLL_SONAME) \
		-Wl,--version-script=$(LIBXPOLL_MAP) -Wl,-z,defs -o $@ $(LIBXPOLL_OBJ)
	ln -sf $(@F) $(BUILD)/$(LIBXPOLL_SONAME)
	ln -sf $(LIBXPOLL_SONAME) $(BUILD)/libxpoll.so

$(LIBXPOLL_STATIC): $(LIBXPOLL_OBJ)
	$(RM) $@
	$(AR) rcs $@ $^

-include $(LIBXPOLL_OBJ:.o=.d)

# libxpoll-preload.so: libxpoll's own objects behind epoll's names.
PRELOAD := $(BUILD)/libxpoll-preload.so
PRELOAD_MAP := userlib/preload/preload$(if $(filter arm64,$(PROGRAM_ARCH)),-arm64).map
PRELOAD_SRC := $(sort $(wildcard userlib/preload/*.c))
PRELOAD_C_OBJ := $(PRELOAD_SRC:%.c=$(BUILD)/obj/%.o)
PRELOAD_OBJ := $(PRELOAD_C_OBJ) $(BUILD)/obj/userlib/preload/syscall.o
PRELOAD_SHARED_OBJ := $(addprefix $(BUILD)/obj/userlib/src/, \
	create.o ctl.o device.o features.o hints.o is_instance.o pwait2.o wait.o wait_call.o)

userlib: $(PRELOAD)

$(PRELOAD_C_OBJ): $(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@$(SAY) "  CC      $<"
	$(CC) $(USERLIB_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/userlib/preload/syscall.o: $(BUILD)/obj/%.o: %.S
	@mkdir -p $(@D)
	@$(SAY) "  AS      $<"
	$(CC) $(USERLIB_CFLAGS) -MMD -MP -c -o $@ $<

# Bound when it is loaded: it is used in signal handlers and between vfork() and exec.
$(PRELOAD): $(PRELOAD_OBJ) $(PRELOAD_SHARED_OBJ) $(PRELOAD_MAP)
	@$(SAY) "  LD      $@"
	$(CC) -shared $(CFLAGS) $(LDFLAGS) $(USERLIB_EXTRA_FLAGS) -Wl,-soname,$(@F) -Wl,--version-script=$(PRELOAD_MAP) \
		-Wl,-z,defs,-z,now -o $@ $(PRELOAD_OBJ) $(PRELOAD_SHARED_OBJ)

-include $(PRELOAD_OBJ:.o=.d)

# Unit tests of what needs no module.
USERLIB_UNIT := $(BUILD)/userlib-unit
USERLIB_UNIT_SRC := $(sort $(wildcard userlib/tests/*_test.cc))
USERLIB_UNIT_OBJ := $(USERLIB_UNIT_SRC:%.cc=$(BUILD)/obj/%.o)

$(eval $(call host-objects,$(USERLIB_UNIT_OBJ),$$(USERLIB_CXXFLAGS)))

$(eval $(call cxx-program,$(USERLIB_UNIT),$(USERLIB_UNIT_OBJ) $(LIBXPOLL_STATIC),$$(USERLIB_EXTRA_FLAGS) \
	-lgtest_main -lgtest -pthread))

.PHONY: check-userlib
check-userlib: $(USERLIB_UNIT)
	$(USERLIB_UNIT) --gtest_brief=1

# The examples: an echo server and a client that checks it. They take the static library, so that
# they run wherever they are copied.
EXAMPLES := $(BUILD)/xpoll-echo $(BUILD)/xpoll-echo-client $(BUILD)/watch-server
ECHO_SERVER_OBJ := $(addprefix $(BUILD)/obj/userlib/examples/, \
	echo_server_main.o echo_server.o echo_connection.o system.o)
ECHO_CLIENT_OBJ := $(addprefix $(BUILD)/obj/userlib/examples/, \
	echo_client_main.o echo_client.o echo_session.o system.o)
WATCH_SERVER_OBJ := $(addprefix $(BUILD)/obj/userlib/examples/,watch_server_main.o system.o)

# HTTP servers on a ready ring, one with callbacks and one with coroutines. They are not installed.
HTTP_EXAMPLES := $(BUILD)/xpoll-http $(BUILD)/xpoll-http-coroutines
HTTP_COMMON_OBJ := $(addprefix $(BUILD)/obj/userlib/examples/, \
	http/edge_socket.o http/http_program.o http/http_session.o http/ring_loop.o system.o)
HTTP_SERVER_OBJ := $(addprefix $(BUILD)/obj/userlib/examples/http/,http_server_main.o http_server.o)
HTTP_COROUTINES_OBJ := $(BUILD)/obj/userlib/examples/http/http_coroutines.o

.PHONY: examples
# The root of arm64 guests has no http_parser.
examples: $(EXAMPLES) $(if $(filter amd64,$(ARCH)),$(HTTP_EXAMPLES))

$(eval $(call host-objects,$(sort $(ECHO_SERVER_OBJ) $(ECHO_CLIENT_OBJ) $(WATCH_SERVER_OBJ) $(HTTP_COMMON_OBJ) $(HTTP_SERVER_OBJ) \
	$(HTTP_COROUTINES_OBJ)),$$(USERLIB_CXXFLAGS)))

# $(call example-program,NAME,OBJECTS,OPTIONS)
example-program = $(call cxx-program,$(BUILD)/$(1),$(2) $(LIBXPOLL_STATIC),$$(USERLIB_EXTRA_FLAGS) -lfmt $(3))

$(eval $(call example-program,xpoll-echo,$(ECHO_SERVER_OBJ)))
$(eval $(call example-program,xpoll-echo-client,$(ECHO_CLIENT_OBJ)))
$(eval $(call example-program,watch-server,$(WATCH_SERVER_OBJ)))
$(eval $(call example-program,xpoll-http,$(HTTP_SERVER_OBJ) $(HTTP_COMMON_OBJ),-lhttp_parser))
$(eval $(call example-program,xpoll-http-coroutines,$(HTTP_COROUTINES_OBJ) $(HTTP_COMMON_OBJ),-lhttp_parser))

# Examples of BPF programs that choose who is woken, which xpoll-run loads.
WAKE_PROGRAMS := $(patsubst userlib/examples/wake/%.c,$(BUILD)/wake/%.o,$(sort $(wildcard userlib/examples/wake/*.bpf.c)))

userlib examples: $(WAKE_PROGRAMS)

$(eval $(call bpf-objects,$(WAKE_PROGRAMS),$(BUILD)/wake/%.bpf.o,userlib/examples/wake/%.bpf.c,\
	$$(BPF_USER_HEADERS) $$(USERLIB_INCLUDES)))

# Manual pages.
MAN_PAGES := $(patsubst userlib/man/%.scd,build/man/%,$(sort $(wildcard userlib/man/*.scd)))
# Names that a page describes besides its own: alias:page.
MAN_ALIASES := xpoll_change_by_cookie.3:xpoll_ctl_change.3 xpoll_process_in.3:xpoll_process.3 \
	xpoll_pwait.3:xpoll_wait.3 xpoll_pwait2.3:xpoll_wait.3 xpoll_pwait_ns.3:xpoll_wait.3 \
	$(patsubst %,xpoll_ring_%.3:xpoll_ring.3, begin create end map must_enter next own release take unmap wait) \
	$(patsubst %,xpoll_%.3:xpoll_wake.3, \
	create_in group_create pwait_worker set_worker worker_beat worker_load workers_map workers_unmap)

.PHONY: man
man: $(MAN_PAGES)

$(MAN_PAGES): build/man/%: userlib/man/%.scd
	@mkdir -p $(@D)
	scdoc <$< >$@.tmp
	mv $@.tmp $@

# Installation takes what is built and writes nothing here, so that it may be done as root. DESTDIR and
# PREFIX are honoured, and each directory can be set by itself.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
# Where xpoll-run looks for its library and for examples of BPF programs, and xpoll-compare for the echo server.
PRELOADDIR = $(patsubst %/,%,$(dir $(BINDIR)))/lib/xpoll
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
UDEVRULESDIR ?= $(PREFIX)/lib/udev/rules.d
# The kernel to install the module for.
KERNEL_RELEASE ?= $(shell uname -r)

INSTALLED_HEADERS := $(sort $(notdir $(wildcard userlib/include/xpoll/*.h userlib/include/xpoll/*.hpp)))
INSTALLED_LIBS := $(LIBXPOLL_SHARED) $(LIBXPOLL_STATIC)
INSTALLED_LINKS := $(LIBXPOLL_SONAME) libxpoll.so

# $(call man-path,PAGE): where a page goes, by its section.
man-path = $(MANDIR)/man$(patsubst .%,%,$(suffix $(1)))/$(1)
man-alias = $(firstword $(subst :, ,$(1)))
man-target = $(lastword $(subst :, ,$(1)))

USERLIB_INSTALLABLE = $(INSTALLED_LIBS) $(PRELOAD) $(XPOLL_RUN) $(EXAMPLES) $(WAKE_PROGRAMS) $(MAN_PAGES)

# $(call require-built,FILES)
require-built = missing=$$(for file in $(1); do [ -e $$file ] || echo "  $$file"; done); [ -z "$$missing" ] || { \
	printf '%s\n' 'make install: not built yet:' "$$missing" \
	'As yourself, not as root, run "make installable" first, or "make", which builds the tests as well.' >&2; exit 1; }

# Of build/KERNEL only if the user asks for that.
install-module = packaging/install-module '$(KERNEL_RELEASE)' '$(DESTDIR)' \
	$(if $(filter command environment,$(firstword $(origin KERNEL))),$(KERNEL))

.PHONY: install install-module install-userlib uninstall
install:
	$(call require-built,$(USERLIB_INSTALLABLE) $(PROBES_INSTALLABLE))
	$(install-module)
	+$(MAKE) --no-print-directory install-userlib install-probes

install-module:
	$(install-module)

install-userlib:
	$(call require-built,$(USERLIB_INSTALLABLE))
	install -D -m 644 -t "$(DESTDIR)$(INCLUDEDIR)/linux" uapi/linux/xpoll.h
	install -D -m 644 -t "$(DESTDIR)$(INCLUDEDIR)/xpoll" $(addprefix userlib/include/xpoll/,$(INSTALLED_HEADERS))
	install -D -m 644 -t "$(DESTDIR)$(LIBDIR)" $(INSTALLED_LIBS)
	ln -sf $(notdir $(LIBXPOLL_SHARED)) "$(DESTDIR)$(LIBDIR)/$(LIBXPOLL_SONAME)"
	ln -sf $(LIBXPOLL_SONAME) "$(DESTDIR)$(LIBDIR)/libxpoll.so"
	install -D -m 644 -t "$(DESTDIR)$(PRELOADDIR)" $(PRELOAD)
	install -D -m 755 -t "$(DESTDIR)$(PRELOADDIR)" $(EXAMPLES)
	install -D -m 644 -t "$(DESTDIR)$(PRELOADDIR)/wake" $(WAKE_PROGRAMS)
	install -D -m 755 -t "$(DESTDIR)$(BINDIR)" $(XPOLL_RUN)
	install -D -m 644 -t "$(DESTDIR)$(UDEVRULESDIR)" packaging/60-xpoll.rules
	$(foreach page,$(notdir $(MAN_PAGES)),install -D -m 644 build/man/$(page) "$(DESTDIR)$(call man-path,$(page))";)
	$(foreach pair,$(MAN_ALIASES),ln -sf $(call man-target,$(pair)) "$(DESTDIR)$(call man-path,$(call man-alias,$(pair)))";)
	[ -n "$(DESTDIR)" ] || PATH="$$PATH:/sbin:/usr/sbin" ldconfig

UNINSTALLED = \
	$(INCLUDEDIR)/linux/xpoll.h $(addprefix $(INCLUDEDIR)/xpoll/,$(INSTALLED_HEADERS)) \
	$(addprefix $(LIBDIR)/,$(notdir $(INSTALLED_LIBS)) $(INSTALLED_LINKS)) \
	$(addprefix $(PRELOADDIR)/,$(notdir $(PRELOAD) $(EXAMPLES))) $(addprefix $(PRELOADDIR)/wake/,$(notdir $(WAKE_PROGRAMS))) $(BINDIR)/$(notdir $(XPOLL_RUN)) \
	$(UDEVRULESDIR)/60-xpoll.rules \
	$(foreach page,$(notdir $(MAN_PAGES)) $(foreach pair,$(MAN_ALIASES),$(call man-alias,$(pair))),$(call man-path,$(page)))

# The module goes from every kernel that it was installed for.
uninstall:
	for module in "$(DESTDIR)"/lib/modules/*/updates/xpoll.ko; do \
		[ -e "$$module" ] || continue; \
		$(RM) "$$module"; \
		release=$${module#*/lib/modules/}; \
		[ -n "$(DESTDIR)" ] || PATH="$$PATH:/sbin:/usr/sbin" depmod "$${release%%/*}"; \
	done
	for file in $(UNINSTALLED); do $(RM) "$(DESTDIR)$$file"; done
	for directory in $(INCLUDEDIR)/xpoll $(PRELOADDIR)/wake $(PRELOADDIR); do \
		[ ! -d "$(DESTDIR)$$directory" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$directory"; \
	done
	[ -n "$(DESTDIR)" ] || PATH="$$PATH:/sbin:/usr/sbin" ldconfig
