// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_RUN_REPORT_H
#define XPOLL_RUN_REPORT_H

#include <linux/xpoll.h>

#include <string>

#include "tools/util/unique_fd.h"

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
bool write_json(const xpoll::UniqueFd& file, const Outcome& outcome);

}  // namespace run

#endif  // XPOLL_RUN_REPORT_H
