// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "child.h"

namespace xpoll {

/** A command failed because the disk is full. The message names the command and its first error
 * message. */
class DiskFull : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** The first line that reports a full disk, if any. */
std::optional<std::string> disk_full_line(std::string_view output);

/** Runs the program to its end and returns the exit status. */
int run_status(const Argv& argv, const ChildSetup& setup = {});

/** A program's exit status, as a shell reports it, and its output. */
struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

/** Runs the program to its end. Streams that `setup` redirects are not in the outcome. */
Outcome run(const Argv& argv, const ChildSetup& setup = {});

/** Runs the program to its end. Throws with the command line and stderr unless it succeeded. */
void run_checked(const Argv& argv, const ChildSetup& setup = {});

/** Like run_checked(), but returns standard output. */
std::string capture(const Argv& argv, const ChildSetup& setup = {});

/** Whether PATH has a program of that name. */
bool have_program(const std::string& name);

/** Quotes `text` as one word of a POSIX shell. */
std::string shell_quote(const std::string& text);

}  // namespace xpoll
