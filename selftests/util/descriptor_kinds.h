// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_DESCRIPTOR_KINDS_H
#define XPOLL_SELFTESTS_UTIL_DESCRIPTOR_KINDS_H

#include <functional>
#include <string>
#include <vector>

#include "fd.h"

namespace xpoll_test {

// A kind of descriptor. Many kernels and machines lack some: then what is made is invalid, and
// errno says why.
struct DescriptorKind {
  std::string name;
  std::function<Fd()> make;
};

// Every kind that the tests know, none of them an instance of xpoll.
std::vector<DescriptorKind> descriptorKinds();

// How many of them a guest makes at least, so that a test of all of them can't be one of none.
constexpr int kFewestKinds = 50;

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_DESCRIPTOR_KINDS_H
