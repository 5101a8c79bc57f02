// SPDX-License-Identifier: GPL-2.0-only
#include "probes/compare_run.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tools/util/checked.h"

namespace xpoll::test {

namespace {

// Turns a hang into a failure. By its whole name: a test may have no PATH.
constexpr const char* kPatience = "/usr/bin/timeout 300";

}  // namespace

CompareRun::CompareRun(const std::string& arguments) {
  const std::filesystem::path programs =
      std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const int status = checked(
      std::system(fmt::format("DIR='{}' BUILT='{}'; {{ {} \"$BUILT/xpoll-compare\" {}; }} "
                              ">\"$DIR/out\" 2>\"$DIR/err\" </dev/null",
                              directory_.path().native(), programs.native(), kPatience, arguments)
                      .c_str()),
      "system");
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string CompareRun::file(const std::string& name) const {
  std::ifstream stream(directory_.path() / name);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace xpoll::test
