// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_DEVICE_KINDS_H
#define XPOLL_SELFTESTS_UTIL_DEVICE_KINDS_H

#include <vector>

#include "descriptor_kinds.h"

namespace xpoll_test {

std::vector<DescriptorKind> deviceKinds();

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_DEVICE_KINDS_H
