// SPDX-License-Identifier: GPL-2.0-only
#include "apps/packages.h"

#include <fmt/format.h>
#include <glob.h>
#include <unistd.h>

#include <stdexcept>

#include "apps/settings.h"

namespace xpoll::test {

namespace fs = std::filesystem;

fs::path find_program(const std::string& name) {
  const fs::path packages = app_settings().packages;
  const std::vector<fs::path> candidates =
      name.find('/') != std::string::npos
          ? std::vector<fs::path>{name}
          : std::vector<fs::path>{packages / "usr/bin" / name, packages / "usr/sbin" / name,
                                  fs::path("/usr/bin") / name, fs::path("/usr/sbin") / name};
  for (const fs::path& candidate : candidates)
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  throw std::runtime_error(fmt::format(
      "no program {} in {}, nor in the guest; packages.txt names what is unpacked there", name,
      packages.string()));
}

fs::path find_in_packages(const std::string& pattern) {
  const fs::path packages = app_settings().packages;
  glob_t found{};
  const int result = glob((packages / pattern).c_str(), 0, nullptr, &found);
  const fs::path first = result == 0 ? found.gl_pathv[0] : "";
  globfree(&found);
  if (result != 0) throw std::runtime_error(fmt::format("no {} in {}", pattern, packages.string()));
  return first;
}

std::vector<std::string> child_environment(const std::vector<std::string>& more) {
  std::vector<std::string> result{
      fmt::format("LD_LIBRARY_PATH={0}/usr/lib/x86_64-linux-gnu:{0}/lib/x86_64-linux-gnu",
                  app_settings().packages.string())};
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

}  // namespace xpoll::test
