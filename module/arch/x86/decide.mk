# SPDX-License-Identifier: GPL-2.0-only
# How decide.c is compiled. It runs before the hooked function's arguments are used, so it keeps the
# registers that hold them: clang can't, on x86-64. What it calls would have to do so, too: so the compiler
# must not add calls. Until 6.8 kbuild looks up some of these settings without the directory.
xp-have-$(CONFIG_CC_IS_GCC) += -DXP_HAVE_DECIDERS
CFLAGS_module/decide.o := $(if $(CONFIG_CC_IS_GCC),$(addprefix -fcall-saved-,rdi rsi rdx rcx r8)) \
	-fno-stack-protector -DDISABLE_BRANCH_PROFILING
CFLAGS_REMOVE_module/decide.o := $(CC_FLAGS_FTRACE)
$(foreach setting,KASAN_SANITIZE KCSAN_SANITIZE KMSAN_SANITIZE UBSAN_SANITIZE KCOV_INSTRUMENT, \
	$(eval $(setting)_decide.o := n) $(eval $(setting)_module/decide.o := n))
