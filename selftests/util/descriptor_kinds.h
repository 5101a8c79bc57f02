// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

// A kind of descriptor. Many kernels and machines lack some: then what is made is invalid, and
// errno says why.
struct DescriptorKind {
  std::string name;
  std::function<unique_fd()> make;
};

// Every kind that the tests know, none of them an instance of xpoll.
std::vector<DescriptorKind> descriptor_kinds();

// How many of them a guest makes at least, so that a test of all of them can't be one of none.
constexpr int kFewestKinds = 50;

}  // namespace xpoll::test
