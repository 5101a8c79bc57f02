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
 * The child's part between fork and exec. All memory is allocated before the fork: another thread
 * may hold the allocator's lock during the fork, so the child makes only async-signal-safe calls.
 * ChildSetup::before_exec is exempt from this at its author's risk.
 */
class Launch {
 public:
  /** Both arguments must outlive this object. */
  Launch(const Argv& argv, const ChildSetup& setup);

  /** Call it in the child. */
  [[noreturn]] void become_program() const;

  /** For a held child: an eventfd, and a pipe for the child's errno. */
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
