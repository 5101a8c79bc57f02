# SPDX-License-Identifier: GPL-2.0-only
# "make lint": static checks, each of which is one step.

LINT_DIR := build/lint
LINT_STEP = $(XPOLL_REPORT) step --dir $(LINT_DIR)/static --name

CXX_SRC := $(sort $(shell find userlib selftests tools -name '*.cc'))
CXX_HEADERS := $(sort $(shell find userlib selftests tools -name '*.hpp' -o -name '*.h'))
# The C library is kernel style C: clang-format does not know all of that one. BPF programs have a
# .clang-format of their own.
CXX_FORMATTED := $(CXX_SRC) $(filter-out userlib/src/%,$(CXX_HEADERS)) $(wildcard tools/probes/bpf/*.c)
SHELL_SRC := $(shell grep -rlE --include='*' -m1 '^\#!.*(bash|/sh|busybox sh)' packaging .ci selftests tools)
KERNEL_C := $(sort $(wildcard module/*.[ch] uapi/linux/*.h tools/probes/bpf/*.[ch]))

LINT_STEPS := $(KERNELS:%=lint-sparse-%) lint-checkpatch lint-format lint-shell lint-tidy

.PHONY: lint lint-built $(LINT_STEPS)
lint: setup
	$(RM) -r $(LINT_DIR)
	$(AFTER_SETUP) lint-built
	$(XPOLL_REPORT) summary --dir $(LINT_DIR)

lint-built: $(LINT_STEPS)

$(KERNELS:%=lint-sparse-%): lint-sparse-%: build/%/xpoll.ko $(XPOLL_REPORT)
	$(LINT_STEP) sparse-$* -- selftests/static/sparse $*

lint-checkpatch: $(XPOLL_REPORT) $(XPOLL_VM)
	$(LINT_STEP) checkpatch -- selftests/static/checkpatch "$$($(XPOLL_VM) checkpatch)" $(KERNEL_C)

lint-format: $(XPOLL_REPORT)
	$(LINT_STEP) clang-format -- clang-format --dry-run -Werror $(CXX_FORMATTED)

lint-shell: $(XPOLL_REPORT)
	$(LINT_STEP) shellcheck -- shellcheck --external-sources $(SHELL_SRC)

lint-tidy: $(XPOLL_REPORT) $(VM_EMBEDDED_INC)
	+$(LINT_STEP) clang-tidy -- $(MAKE) --no-print-directory --keep-going tidy

TIDY_FLAGS := -std=c++20 -I. -Iuserlib/include -Iuapi -Iselftests -Ibuild/host/gen/vm -Ibuild/host/gen/probes
TIDY_STAMPS := $(CXX_SRC:%.cc=build/tidy/%.ok)

.PHONY: tidy
tidy: $(TIDY_STAMPS)

# A file is looked at again when its object was made anew: that knows which headers it takes.
$(TIDY_STAMPS): build/tidy/%.ok: %.cc .clang-tidy
	@mkdir -p $(@D)
	@$(SAY) "  TIDY    $<"
	clang-tidy --quiet $< -- $(TIDY_FLAGS) 2>$(@:.ok=.err) || { cat $(@:.ok=.err); exit 1; }
	touch $@

$(foreach source,$(filter-out $(ABI32_SRC),$(CXX_SRC)), \
	$(eval build/tidy/$(source:.cc=.ok): build/host/obj/$(source:.cc=.o)))
build/tidy/$(ABI32_SRC:.cc=.ok): $(ABI32_BIN)
build/tidy/$(ABI32_SRC:.cc=.ok): TIDY_FLAGS += $(ABI32_TARGET)
