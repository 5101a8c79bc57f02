# SPDX-License-Identifier: GPL-2.0-only
# Files for other build systems: pkg-config, CMake and dkms. Also Debian packages: see docs/packaging.md.

CMAKEDIR ?= $(LIBDIR)/cmake/xpoll
BASHCOMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
DKMSDIR ?= /usr/src/xpoll-$(XPOLL_VERSION)

# $(call below-prefix,DIRECTORY,WORDS): the directory, with WORDS in place of the prefix if it is below that.
below-prefix = $(patsubst $(PREFIX)/%,$(2)%,$(1))
# $(call to-prefix,DIRECTORY): the relative path from there to PREFIX. Files that use it can be moved as a whole.
to-prefix = $(shell realpath --canonicalize-missing --relative-to='$(1)' '$(PREFIX)')

FILL_PC = sed -e 's|@TO_PREFIX@|$(call to-prefix,$(PKGCONFIGDIR))|' \
	-e 's|@INCLUDEDIR@|$(call below-prefix,$(INCLUDEDIR),$${prefix}/)|' \
	-e 's|@LIBDIR@|$(call below-prefix,$(LIBDIR),$${prefix}/)|' -e 's|@VERSION@|$(XPOLL_VERSION)|'
VERSION_NUMBERS = $(subst ., ,$(XPOLL_VERSION))
FILL_CMAKE = sed -e 's|@TO_PREFIX@|$(call to-prefix,$(CMAKEDIR))|' -e 's|@INCLUDE@|$(call below-prefix,$(INCLUDEDIR))|' \
	-e 's|@SHARED@|$(notdir $(LIBXPOLL_SHARED))|' -e 's|@SONAME@|$(LIBXPOLL_SONAME)|' -e 's|@VERSION@|$(XPOLL_VERSION)|' \
	-e 's|@MAJOR@|$(word 1,$(VERSION_NUMBERS))|' -e 's|@INTERFACE@|$(word 1,$(VERSION_NUMBERS)).$(word 2,$(VERSION_NUMBERS))|'
CMAKE_FILES := xpoll-config.cmake xpoll-config-version.cmake

.PHONY: install-build-files
install-userlib: install-build-files
install-build-files:
	$(call require-built,$(USERLIB_INSTALLABLE))
	$(FILL_PC) packaging/xpoll.pc.in | install -D -m 644 /dev/stdin "$(DESTDIR)$(PKGCONFIGDIR)/xpoll.pc"
	for file in $(CMAKE_FILES); do \
		$(FILL_CMAKE) packaging/cmake/$$file.in | install -D -m 644 /dev/stdin "$(DESTDIR)$(CMAKEDIR)/$$file" || exit; \
	done

COMPLETED := xpoll-run xpoll-vm xpoll-top xpoll-path xpoll-compare
.PHONY: install-completion
install-userlib: install-completion
install-completion:
	$(call require-built,$(USERLIB_INSTALLABLE))
	install -D -m 644 packaging/completion/xpoll-run "$(DESTDIR)$(BASHCOMPLETIONDIR)/xpoll-run"
	for program in $(filter-out xpoll-run,$(COMPLETED)); do \
		ln -sf xpoll-run "$(DESTDIR)$(BASHCOMPLETIONDIR)/$$program"; \
	done

PACKAGING_INSTALLED = $(PKGCONFIGDIR)/xpoll.pc $(addprefix $(CMAKEDIR)/,$(CMAKE_FILES)) \
	$(addprefix $(BASHCOMPLETIONDIR)/,$(COMPLETED))
.PHONY: uninstall-packaging
uninstall: uninstall-packaging
uninstall-packaging:
	for file in $(PACKAGING_INSTALLED); do $(RM) "$(DESTDIR)$$file"; done
	[ ! -d "$(DESTDIR)$(CMAKEDIR)" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$(CMAKEDIR)"

# The module's source for dkms, with the same requirements as Kbuild.
KBUILD_NEEDS := $(addprefix CONFIG_,$(shell sed -n 's/^xp-needs := //p' Kbuild))
.PHONY: install-dkms
install-dkms:
	for file in $(MODULE_SRC); do install -D -m 644 $$file "$(DESTDIR)$(DKMSDIR)/$$file" || exit; done
	install -m 755 packaging/dkms/add-btf "$(DESTDIR)$(DKMSDIR)"
	sed -e 's|@VERSION@|$(XPOLL_VERSION)|' -e 's|@NEEDS@|$(KBUILD_NEEDS)|' packaging/dkms/dkms.conf.in | \
		install -m 644 /dev/stdin "$(DESTDIR)$(DKMSDIR)/dkms.conf"

# Compares the library's functions and types with those of the last release: see docs/abi.md.
ABI_DUMP := packaging/abi/$(LIBXPOLL_SONAME).abi
# Without what changes for other reasons: functions that the library calls, numbered types, places in the source.
ABIDW := abidw --headers-dir userlib/include --exported-interfaces-only --type-id-style hash --no-show-locs \
	--no-corpus-path --no-comp-dir-path
.PHONY: check-abi update-abi
check-abi: $(LIBXPOLL_SHARED)
	packaging/setup abigail-tools
	abidiff --headers-dir2 userlib/include --no-added-syms $(ABI_DUMP) $<
update-abi: $(LIBXPOLL_SHARED)
	packaging/setup abigail-tools
	$(ABIDW) $< >$(ABI_DUMP)

# Debian packages: build/deb/SUITE/*.deb.
SUITE ?= bookworm
.PHONY: deb
deb:
	packaging/setup mmdebstrap dpkg-dev
	packaging/deb $(SUITE)
