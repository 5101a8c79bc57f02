// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "descriptor_kinds.h"

namespace xpoll::test {

std::vector<DescriptorKind> device_kinds();

}  // namespace xpoll::test
