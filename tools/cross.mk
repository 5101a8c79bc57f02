# SPDX-License-Identifier: GPL-2.0-only
# What runs on this machine while the guest is of another architecture: a make of its own builds it.

XPOLL_REPORT := build/host/xpoll-report
ON_HOST := $(XPOLL_VM) $(XPOLL_REPORT) build/host/xpoll-demo build/host/xpoll-demo-host build/host/xpoll-echo-client
BUILD_ON_HOST = $(MAKE) --no-print-directory ARCH=amd64 KERNEL= KERNELS=

.PHONY: on-host
on-host:
	+$(BUILD_ON_HOST) $(ON_HOST)
$(ON_HOST): on-host
	@:
demo: $(ON_HOST)

# Asked each time: the root may have been removed from the cache, or the cache be another one.
$(SYSROOT_MK): FORCE
	@mkdir -p $(@D)
	+$(BUILD_ON_HOST) $(XPOLL_VM)
	echo "SYSROOT := $$($(XPOLL_VM) root $(firstword $(KERNELS)))" >$@.new
	cmp --quiet $@.new $@ || cp $@.new $@
	$(RM) $@.new
