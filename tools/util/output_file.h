// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <xpoll/unique_fd.hpp>

namespace xpoll {

/**
 * An unlinked file for the output of programs, which therefore never wait for a reader. Several
 * writers append.
 */
class OutputFile {
 public:
  OutputFile();

  [[nodiscard]] int fd() const { return file_.get(); }
  /** The output so far. */
  [[nodiscard]] std::string text() const;

 private:
  unique_fd file_;
};

}  // namespace xpoll
