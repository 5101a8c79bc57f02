// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_DIVERGENCE_H
#define XPOLL_SELFTESTS_FUZZ_DIVERGENCE_H

#include <stdexcept>

namespace xpoll_fuzz {

// The two worlds do not agree, or did not come to rest in time.
class Divergence : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_DIVERGENCE_H
