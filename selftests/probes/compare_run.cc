// SPDX-License-Identifier: GPL-2.0-only
#include "probes/compare_run.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tools/util/process.h"

namespace xpoll::test {

namespace {

// Turns a hang into a failure. An absolute path, because a test may have an empty PATH.
constexpr const char* kPatience = "/usr/bin/timeout 300";

}  // namespace

CompareRun::CompareRun(const std::string& arguments) {
  const std::filesystem::path programs =
      std::filesystem::read_symlink("/proc/self/exe").parent_path();
  status_ = run_status(
      {"/bin/sh", "-c",
       fmt::format("DIR='{}' BUILT='{}'; {{ {} \"$BUILT/xpoll-compare\" {}; }} "
                   ">\"$DIR/out\" 2>\"$DIR/err\" </dev/null",
                   directory_.path().native(), programs.native(), kPatience, arguments)});
}

std::string CompareRun::file(const std::string& name) const {
  std::ifstream stream(directory_.path() / name);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace xpoll::test
