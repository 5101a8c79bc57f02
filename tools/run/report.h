// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <string>
#include <xpoll/unique_fd.hpp>

namespace run {

/// What a program did, once it has ended.
struct Outcome {
  std::string program;
  int status;  ///< as a shell gives it: 128 and the signal's number if one killed it
  unsigned refused_rings;
  xpoll_stats stats;
};

/// What a program may have died of if it was aborted with nothing watched; empty if it was not.
std::string hint_of(const Outcome& outcome);

/// As a table, to standard error.
void print_report(const Outcome& outcome);
/// Whether it could be written; errno tells why not.
bool write_json(const xpoll::unique_fd& file, const Outcome& outcome);

}  // namespace run
