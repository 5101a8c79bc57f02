# SPDX-License-Identifier: GPL-2.0-only
# make trace: the eBPF tools on an echo server in a guest, and what they saw.

TRACE_DIR := tools/probes/trace
TRACE_OUT = build/trace/$(KERNEL)
TRACE_MESSAGES ?= 1000
# From the host they are few: under emulation each takes milliseconds.
TRACE_HOST_MESSAGES ?= 100
# The guest's; the host's are free ones.
TRACE_FORWARDED := 7001 7002 7003 7004
TRACE_PORTS := 7001,7002,7003,7004,7005,7006

.PHONY: trace trace-built
trace: setup
	$(AFTER_SETUP) trace-built
trace-built: probes examples $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	$(RM) -r $(TRACE_OUT)
	mkdir -p $(TRACE_OUT)
	$(XPOLL_VM) run --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko $(GUEST) \
		--out $(TRACE_OUT) --log $(TRACE_OUT)/kernel.log --timeout 900 $(TRACE_FORWARDED:%=--forward 0:%) \
		--beside '$(TRACE_DIR)/host.sh $(TRACE_HOST_MESSAGES)' -- \
		$(TRACE_DIR)/guest.sh /out $(TRACE_MESSAGES) $(TRACE_HOST_MESSAGES) $(TRACE_PORTS)
	$(TRACE_DIR)/show.sh $(TRACE_OUT)
