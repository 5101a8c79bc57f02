// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "child.h"

namespace xpoll {

/** A command failed because it could not write; the message names it, and what it said first. */
class DiskFull : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** The first line that tells of a full disk, or nothing. */
std::optional<std::string> disk_full_line(std::string_view output);

/** Runs to the end and returns the status. */
int run_status(const Argv& argv, const ChildSetup& setup = {});

/** How a program ended, as a shell tells it, and what it wrote. */
struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

/** Runs to the end; what `setup` sends elsewhere is not in the outcome. */
Outcome run(const Argv& argv, const ChildSetup& setup = {});

/** Runs to the end; throws with the command line and its stderr unless it succeeded. */
void run_checked(const Argv& argv, const ChildSetup& setup = {});

/** As run_checked; returns standard output. */
std::string capture(const Argv& argv, const ChildSetup& setup = {});

/** Whether a program of that name is in PATH. */
bool have_program(const std::string& name);

/** `text` as one word of a POSIX shell. */
std::string shell_quote(const std::string& text);

}  // namespace xpoll
