# SPDX-License-Identifier: GPL-2.0-only
# "make lint": static checks. Each one is a step.

LINT_DIR := build/lint
LINT_STEP = $(XPOLL_REPORT) step --dir $(LINT_DIR)/static --name
# TEXT | $(LINT_STEP) NAME -- $(LINT_CACHED) NAME COMMAND: skips a check that has passed with the same text.
LINT_CACHED := selftests/static/cached

CXX_SRC := $(sort $(shell find userlib selftests tools -name '*.cc'))
CXX_HEADERS := $(sort $(shell find userlib selftests tools -name '*.hpp' -o -name '*.h'))
# The C library is kernel style C: clang-format does not know all of that one. BPF programs have a
# .clang-format of their own.
CXX_FORMATTED := $(CXX_SRC) $(filter-out userlib/src/%,$(CXX_HEADERS)) \
	$(wildcard tools/probes/bpf/*.c userlib/examples/wake/*.c selftests/preload/choosers/*.c \
		bindings/python/src/*.[ch])
SHELL_SRC := $(shell grep -rlE --include='*' -m1 '^\#!.*(bash|/sh|busybox sh)' packaging .ci selftests tools)
KERNEL_C := $(sort $(wildcard module/*.[ch] module/arch/*/*.h uapi/linux/*.h tools/probes/bpf/*.[ch]))

# A kernel built from source has no package of headers to modify.
LINT_DRIFT := $(patsubst %,lint-drift-%,$(filter $(STOCK_KERNELS),$(KERNELS)))
LINT_LAYERS := lint-layers-$(firstword $(KERNELS))
LINT_STEPS := $(KERNELS:%=lint-sparse-%) $(LINT_DRIFT) $(LINT_LAYERS) lint-checkpatch lint-coccicheck lint-format lint-shell \
	lint-tidy lint-man lint-examples lint-standard lint-direction lint-mutations
# Generated files that the checked files include.
TIDY_GENERATED := $(VM_EMBEDDED_INC) $(PROBES_SKELETONS)
LINTED_PAGES := $(MAN_PAGES) $(PROBES_MAN) $(VM_MAN)

.PHONY: lint lint-built $(LINT_STEPS)
lint: setup
	+$(MAKE) --no-print-directory lint-built
lint-built:
	$(RM) -r $(LINT_DIR)
	+$(call part,$(LINT_DIR),build,$(call count-steps,lint-programs)) \
		$(MAKE) --no-print-directory --jobs=$(JOBS) lint-programs
	+$(call part,$(LINT_DIR),checks,$(words $(TIDY_DIRS))) $(MAKE) --no-print-directory --jobs=$(JOBS) $(LINT_STEPS)
	$(XPOLL_REPORT) summary --dir $(LINT_DIR)

.PHONY: lint-programs
lint-programs: $(XPOLL_REPORT) $(XPOLL_VM) $(KERNELS:%=build/%/kernel-build) $(TIDY_GENERATED) \
	$(LINTED_PAGES) $(LIBXPOLL_STATIC)

# The check depends on the kernel's headers, whose version is in the path of the build directory.
$(KERNELS:%=lint-sparse-%): lint-sparse-%:
	$(PLUS){ cat build/$*/kernel-build selftests/static/sparse selftests/static/decide; sparse --version; gcc --version; \
		tail -n +1 $(MODULE_SRC) module/rules.mk; } | \
		$(LINT_STEP) sparse-$* -- $(LINT_CACHED) sparse-$* \
			sh -c '$(OTHER_MAKE) build/$*/xpoll.ko && selftests/static/sparse $* && \
				selftests/static/decide build/$*/module'

# After sparse, because both build the same module.
$(LINT_DRIFT): lint-drift-%: lint-sparse-%
	$(PLUS){ cat build/$*/kernel-build selftests/static/drift; gcc --version; tail -n +1 $(MODULE_SRC); } | \
		$(LINT_STEP) drift-$* -- $(LINT_CACHED) drift-$* \
			sh -c '$(OTHER_MAKE) build/$*/xpoll.ko && selftests/static/drift $*'

# One kernel is enough, since the calls are the same on all.
$(LINT_LAYERS): lint-layers-%: lint-sparse-%
	$(PLUS){ cat build/$*/kernel-build selftests/static/layers; tail -n +1 $(MODULE_SRC); } | \
		$(LINT_STEP) layers -- $(LINT_CACHED) layers \
			sh -c '$(OTHER_MAKE) build/$*/xpoll.ko && selftests/static/layers build/$*/module'

lint-checkpatch:
	directory=$$($(XPOLL_VM) checkpatch) || exit; \
	tail -n +1 "$$directory"/* selftests/static/checkpatch* $(KERNEL_C) | \
		$(LINT_STEP) checkpatch -- $(LINT_CACHED) checkpatch selftests/static/checkpatch "$$directory" $(KERNEL_C)

lint-coccicheck:
	directory=$$($(XPOLL_VM) source 6.1 scripts/coccinelle) || exit; \
	{ spatch --version; find "$$directory" -name '*.cocci' -exec tail -n +1 {} +; \
		tail -n +1 selftests/static/coccicheck* $(MODULE_SRC); } | \
		$(LINT_STEP) coccicheck -- $(LINT_CACHED) coccicheck selftests/static/coccicheck "$$directory"

lint-format:
	{ clang-format --version; cat .clang-format tools/probes/bpf/.clang-format; tail -n +1 $(CXX_FORMATTED); } | \
		$(LINT_STEP) clang-format -- $(LINT_CACHED) clang-format clang-format --dry-run -Werror $(CXX_FORMATTED)

lint-shell:
	{ shellcheck --version; tail -n +1 $(SHELL_SRC); } | \
		$(LINT_STEP) shellcheck -- $(LINT_CACHED) shellcheck shellcheck --external-sources $(SHELL_SRC)

lint-man:
	{ dpkg-query --show mandoc scdoc; tail -n +1 selftests/static/man $(LINTED_PAGES); } | \
		$(LINT_STEP) man -- $(LINT_CACHED) man selftests/static/man $(LINTED_PAGES)

# The documents with complete programs.
EXAMPLE_DOCUMENTS := README.md $(filter-out %/xpoll-run.1.scd %/xpoll.7.scd,$(sort $(wildcard userlib/man/*.scd)))
LIBRARY_HEADERS := $(sort $(wildcard userlib/include/xpoll/* uapi/linux/*.h))

lint-examples:
	{ dpkg-query --show mandoc scdoc gcc-12; \
		tail -n +1 selftests/static/examples $(EXAMPLE_DOCUMENTS) $(LIBRARY_HEADERS) $(LIBXPOLL_SRC); } | \
		$(LINT_STEP) examples -- $(LINT_CACHED) examples \
			selftests/static/examples $(LIBXPOLL_STATIC) $(EXAMPLE_DOCUMENTS)

lint-standard:
	{ g++ --version; tail -n +1 selftests/static/old_standard $(LIBRARY_HEADERS); } | \
		$(LINT_STEP) old_standard -- $(LINT_CACHED) old_standard selftests/static/old_standard

lint-direction:
	$(LINT_STEP) direction -- selftests/static/direction

# Each mutation still finds the line that it breaks.
lint-mutations:
	$(LINT_STEP) mutations -- selftests/mutations/run --apply-only

lint-tidy:
	$(PLUS)$(LINT_STEP) clang-tidy --live -- $(OTHER_MAKE) --keep-going tidy

TIDY_FLAGS := -std=c++20 -I. -Iuserlib/include -Iuapi -Iselftests -Ibuild/host/gen/vm -Ibuild/host/gen/probes
TIDY_TARGETS := $(CXX_SRC:%=tidy/%)
# The files of a directory are checked together.
TIDY_DIRS := $(sort $(patsubst %/,%,$(dir $(CXX_SRC))))
TIDY_DIR_TARGETS := $(TIDY_DIRS:%=tidy/%)

# "make tidy/tools/vm" checks the files of a directory, "make tidy/tools/vm/apt.cc" one file.
.PHONY: tidy $(TIDY_TARGETS) $(TIDY_DIR_TARGETS)
tidy: $(TIDY_DIR_TARGETS)
$(TIDY_DIR_TARGETS): tidy/%: $(TIDY_GENERATED)
	@$(SAY) "  TIDY    $*"
	selftests/static/tidy $(wildcard $*/*.cc) -- $(TIDY_FLAGS)
$(TIDY_TARGETS): tidy/%: % $(TIDY_GENERATED)
	@$(SAY) "  TIDY    $<"
	selftests/static/tidy $< -- $(TIDY_FLAGS)

tidy/$(patsubst %/,%,$(dir $(ABI32_SRC))): TIDY_FLAGS += $(ABI32_TARGET)
tidy/$(ABI32_SRC): TIDY_FLAGS += $(ABI32_TARGET)
