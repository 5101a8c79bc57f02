// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <string>
#include <xpoll/unique_fd.hpp>

#include "way.h"

namespace run {

/// The result of a program that has ended.
struct Outcome {
  std::string program;
  int status;  ///< exit status as a shell reports it: 128 plus the signal's number if a signal
               ///< killed it
  Way way;
  unsigned refused_rings;
  xpoll_stats stats;
};

/// A likely reason if the program aborted without having watched anything; otherwise empty.
std::string hint_of(const Outcome& outcome);

/// Prints a table on standard error.
void print_report(const Outcome& outcome);
/// Returns false and sets errno if it can't be written.
bool write_json(const xpoll::unique_fd& file, const Outcome& outcome);

}  // namespace run
