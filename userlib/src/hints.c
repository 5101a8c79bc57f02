/* SPDX-License-Identifier: MIT */
#include "hints.h"

atomic_bool xpoll_calls_hint = true;
atomic_bool xpoll_process_hint;
