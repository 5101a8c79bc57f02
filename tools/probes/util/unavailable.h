// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <stdexcept>

namespace probes {

/// What the tool needs is not there. The message says what is missing and what to do about it.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace probes
