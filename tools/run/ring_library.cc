// SPDX-License-Identifier: GPL-2.0-only
#include "ring_library.h"

#include <fcntl.h>

#include <csignal>
#include <sstream>

#include "elf_file.h"
#include "script.h"
#include "tools/util/process.h"

namespace run {
namespace {

namespace fs = std::filesystem;

/// While it lives, SIGCHLD is not ignored. The kernel discards the status of the children of a
/// process that ignores it.
class KeptChildren {
 public:
  KeptChildren() : saved_(std::signal(SIGCHLD, SIG_DFL)) {}
  KeptChildren(const KeptChildren&) = delete;
  KeptChildren& operator=(const KeptChildren&) = delete;
  ~KeptChildren() { std::signal(SIGCHLD, saved_); }

 private:
  const sighandler_t saved_;
};

/// The libraries that the dynamic loader would load, as the loader itself lists them, since only it
/// knows its search path. Empty if it lists none, for example for an unreadable program.
std::string list_of_libraries(const std::string& loader, const fs::path& image) {
  const KeptChildren kept;
  return xpoll::run({loader, "--list", image.native()}).out;
}

}  // namespace

std::optional<std::string> ring_library_of(const fs::path& program) {
  const fs::path image = interpreter_of(program);
  const ElfFile elf(xpoll::unique_fd(open(image.c_str(), O_RDONLY | O_CLOEXEC)));
  const std::optional<std::string> loader = elf.valid() ? elf.loader() : std::nullopt;
  if (!loader) return std::nullopt;
  std::istringstream list(list_of_libraries(*loader, image));
  for (std::string word; list >> word;)
    if (word.starts_with("liburing")) return word;
  return std::nullopt;
}

}  // namespace run
