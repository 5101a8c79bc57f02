// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <xpoll/unique_fd.hpp>

#include "child.h"
#include "descriptors.h"

namespace xpoll {

/**
 * What a child does between fork and exec. All that takes memory is made before the fork: another
 * thread may hold a lock at that moment, so the child makes only calls that are async-signal-safe.
 * What ChildSetup::before_exec does is up to its writer.
 */
class Launch {
 public:
  /** Both have to stay. */
  Launch(const Argv& argv, const ChildSetup& setup);

  /** To be called in the child. */
  [[noreturn]] void become_program() const;

  /** Of a child that is held: an eventfd, and the errno that the child gives. */
  unique_fd gate;
  std::optional<Pipe> failure;

 private:
  void prepare() const;
  void connect_streams() const;
  void connect(int from, int to) const;
  void wait_at_gate() const;
  void run_before_exec() const;
  void check(int result, const char* step) const;
  [[noreturn]] void give_up(std::string_view reason) const;
  [[noreturn]] void give_up(std::string_view step, int error) const;

  const ChildSetup& setup_;
  pid_t parent_;
  std::vector<std::string> environment_;
  std::vector<char*> argv_;
  std::vector<char*> envp_;
};

}  // namespace xpoll
