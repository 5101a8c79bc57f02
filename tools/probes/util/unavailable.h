// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <stdexcept>

namespace probes {

/// A precondition of the tool is missing. The message says which, and how to provide it.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace probes
