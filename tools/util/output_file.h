// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <xpoll/unique_fd.hpp>

namespace xpoll {

/**
 * A file without a name for what programs write, which so never wait for a reader. What several
 * write is appended.
 */
class OutputFile {
 public:
  OutputFile();

  [[nodiscard]] int fd() const { return file_.get(); }
  /** What was written so far. */
  [[nodiscard]] std::string text() const;

 private:
  unique_fd file_;
};

}  // namespace xpoll
