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

# Two runs that follow each other on an emulated machine differ by the host's load, whatever they run.
# By instructions they do not. Only loopback can be counted so: the host's clock is another.
TRACE_COUNTS := $(filter tcg,$(ACCEL))
TRACE_LOOPBACK_GUEST := $(if $(TRACE_COUNTS),--icount --mem $(MEM),$(GUEST))
TRACE_REMARK := $(if $(TRACE_COUNTS),with -icount: a nanosecond is an instruction)

# $(call trace-run,GUEST,LOG,PART): guest.sh's part in such a guest. The date is the host's.
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
