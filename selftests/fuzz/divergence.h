// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <stdexcept>

namespace xpoll::fuzz {

// The two worlds differ, or did not settle in time.
class Divergence : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace xpoll::fuzz
