// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

// A type of descriptor. Many kernels and machines lack some of them; the descriptor is then
// invalid, and errno has the reason.
struct DescriptorKind {
  std::string name;
  std::function<unique_fd()> make;
};

// All types that the tests know, without xpoll instances.
std::vector<DescriptorKind> descriptor_kinds();

// The minimum number of types that a guest supports, so that a test of all types cannot test none.
constexpr int kFewestKinds = 50;

}  // namespace xpoll::test
