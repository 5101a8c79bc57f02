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

/// While it lives, the kernel keeps the status of a child that ended, which it does not do for a
/// process that ignores SIGCHLD.
class KeptChildren {
 public:
  KeptChildren() : saved_(std::signal(SIGCHLD, SIG_DFL)) {}
  KeptChildren(const KeptChildren&) = delete;
  KeptChildren& operator=(const KeptChildren&) = delete;
  ~KeptChildren() { std::signal(SIGCHLD, saved_); }

 private:
  const sighandler_t saved_;
};

/// What the dynamic loader would load, as it says itself: it alone knows where it looks. Nothing if
/// it does not say, as of a program that may not be read.
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
