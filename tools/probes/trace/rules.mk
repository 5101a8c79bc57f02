# SPDX-License-Identifier: GPL-2.0-only
# make trace: runs the eBPF tools on an echo server in a guest.

TRACE_DIR := tools/probes/trace
TRACE_OUT = build/trace/$(KERNEL)
TRACE_MESSAGES ?= 1000
# Few messages from the host, since each takes milliseconds under emulation.
TRACE_HOST_MESSAGES ?= 100
# Ports in the guest. On the host the runner picks free ones.
TRACE_FORWARDED := 7001 7002 7003 7004
TRACE_PORTS := 7001,7002,7003,7004,7005,7006

# Times of two successive runs on an emulated machine differ because of the host's load; instruction counts do not.
# Only loopback traffic can be counted in instructions, since the host has another clock.
TRACE_COUNTS := $(filter tcg,$(ACCEL))
TRACE_LOOPBACK_GUEST := $(if $(TRACE_COUNTS),--icount --mem $(MEM),$(GUEST))
TRACE_REMARK := $(if $(TRACE_COUNTS),with -icount: a nanosecond is an instruction)

# $(call trace-run,GUEST,LOG,PART): runs a part of guest.sh in such a guest. The date is the host's.
trace-run = $(XPOLL_VM) run --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko $(1) \
	--out $(TRACE_OUT) --log $(TRACE_OUT)/$(2) --timeout 900 -- \
	env SOURCE_DATE_EPOCH=$$(date +%s) $(TRACE_DIR)/guest.sh $(3)

.PHONY: trace trace-built
trace: setup
	$(AFTER_SETUP) trace-built
trace-built: probes examples $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	$(RM) -r $(TRACE_OUT)
	mkdir -p $(TRACE_OUT)
	$(call trace-run,$(TRACE_LOOPBACK_GUEST),loopback.log,loopback /out $(TRACE_MESSAGES) $(TRACE_PORTS) \
		'$(TRACE_REMARK)')
	$(call trace-run,$(GUEST) $(TRACE_FORWARDED:%=--forward 0:%) \
		--beside '$(TRACE_DIR)/host.sh $(TRACE_HOST_MESSAGES)',virtio.log,virtio /out $(TRACE_MESSAGES) \
		$(TRACE_PORTS) $(TRACE_HOST_MESSAGES))
	$(TRACE_DIR)/show.sh $(TRACE_OUT)
