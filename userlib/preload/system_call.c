/* SPDX-License-Identifier: MIT */
#include "../src/system_call.h"

long system_call_failed(long error);

/* What syscall() does with an error; called from syscall.S. */
long system_call_failed(long error) { return xpoll_with_errno(error); }
