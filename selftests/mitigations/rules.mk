# SPDX-License-Identifier: GPL-2.0-only
# "make check-mitigations": the trampolines with the kernel's mitigations of processor faults, with which the other guests
# do not boot. On emulated processors that report to be old ones the kernel replaces the calls and returns of modules, too.

MITIGATIONS_KINDS := intel amd
MITIGATIONS_ROWS := $(foreach kind,$(MITIGATIONS_KINDS),$(KERNELS:%=guest/%-$(kind)) $(KERNELS:%=guest/%-$(kind)-load))

mitigations-cpu-intel := --cpu max,vendor=GenuineIntel,family=6,model=94,stepping=3 \
	--append mitigations=auto --append retbleed=stuff
mitigations-cpu-amd := --cpu max,vendor=AuthenticAMD,family=23,model=49 \
	--append mitigations=auto --append retbleed=unret --append spec_rstack_overflow=safe-ret

# $(call mitigations-rows,KIND): expands the options late, because they contain commas.
define mitigations-rows
$(1)-row = selftests/mitigations/with_mitigations $$(calls-row)
$(1)-load-row = selftests/mitigations/with_mitigations $$(LOADTESTS_BIN) --xpoll build/$$*/xpoll.ko \
	--blocker build/$$*/blocker/blocker.ko --gtest_filter='EpollCalls*:CloseHook*:CycleTest*'
$$(eval $$(call guest-row,$(1),$$$$(MODULE_GUEST) $$$$(mitigations-cpu-$(1))))
$$(eval $$(call guest-row,$(1)-load,$$$$(filter-out --parallel,$$$$(GUEST)) $$$$(mitigations-cpu-$(1))))
endef
$(foreach kind,$(MITIGATIONS_KINDS),$(eval $(call mitigations-rows,$(kind))))

$(eval $(call check-target,check-mitigations,selftests loadtests module $(XPOLL_VM),$(MITIGATIONS_ROWS)))
