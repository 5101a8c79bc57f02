// SPDX-License-Identifier: GPL-2.0-only
// What every test includes. gcc reads it precompiled (see rules.mk), other compilers do not.
#ifndef XPOLL_SELFTESTS_UTIL_PRECOMPILED_H
#define XPOLL_SELFTESTS_UTIL_PRECOMPILED_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#endif  // XPOLL_SELFTESTS_UTIL_PRECOMPILED_H
