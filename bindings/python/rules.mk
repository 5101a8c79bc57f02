# SPDX-License-Identifier: MIT
# The Python package xpoll: build/host/python is what PYTHONPATH takes, with build/host in LD_LIBRARY_PATH.

# Debian's: one of another place may lack the headers.
PYTHON ?= /usr/bin/python3
PYTHON_DIR := build/host/python
PYTHON_EXTENSION := $(PYTHON_DIR)/xpoll/_xpoll.abi3.so
PYTHON_MODULES := $(patsubst bindings/python/%,$(PYTHON_DIR)/%,$(sort $(wildcard bindings/python/xpoll/*.py)))
PYTHON_OBJ := $(patsubst %.c,build/host/obj/%.o,$(sort $(wildcard bindings/python/src/*.c)))
# The stable ABI of 3.11, so one build is for that and all later versions.
PYTHON_CFLAGS = $(USERLIB_CFLAGS) -fvisibility=hidden $(shell pkg-config --cflags python3) \
	-DPy_LIMITED_API=0x030b0000 -DXPOLL_VERSION='"$(XPOLL_VERSION)"'

.PHONY: python
python: $(PYTHON_EXTENSION) $(PYTHON_MODULES)

$(PYTHON_OBJ): build/host/obj/%.o: %.c VERSION
	@mkdir -p $(@D)
	@$(SAY) "  CC      $<"
	$(CC) $(PYTHON_CFLAGS) -MMD -MP -c -o $@ $<

# Without libpython, whose symbols the interpreter has.
$(PYTHON_EXTENSION): $(PYTHON_OBJ) $(LIBXPOLL_SHARED)
	@mkdir -p $(@D)
	@$(SAY) "  LD      $@"
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -o $@ $(PYTHON_OBJ) -Lbuild/host -lxpoll -lm

$(PYTHON_MODULES): $(PYTHON_DIR)/%: bindings/python/%
	@mkdir -p $(@D)
	cp $< $@

-include $(PYTHON_OBJ:.o=.d)

# Where the interpreter finds packages of the prefix; Debian's own are in /usr/lib/python3/dist-packages.
PYTHONDIR ?= $(PREFIX)/lib/python$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')/dist-packages

# "make install" leaves it out, so that the others need no Python.
.PHONY: install-python uninstall-python
install-python:
	$(call require-built,$(PYTHON_EXTENSION) $(PYTHON_MODULES))
	install -D -m 644 -t "$(DESTDIR)$(PYTHONDIR)/xpoll" $(PYTHON_EXTENSION) $(PYTHON_MODULES)
uninstall: uninstall-python
uninstall-python:
	for file in $(notdir $(PYTHON_EXTENSION) $(PYTHON_MODULES)); do $(RM) "$(DESTDIR)$(PYTHONDIR)/xpoll/$$file"; done
	$(RM) -r "$(DESTDIR)$(PYTHONDIR)/xpoll/__pycache__"
	[ ! -d "$(DESTDIR)$(PYTHONDIR)/xpoll" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$(PYTHONDIR)/xpoll"
