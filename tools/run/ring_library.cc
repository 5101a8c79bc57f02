// SPDX-License-Identifier: GPL-2.0-only
#include "ring_library.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <sstream>

#include "elf_file.h"
#include "script.h"
#include "tools/util/pipe.h"

namespace run {
namespace {

namespace fs = std::filesystem;

std::string read_all(const xpoll::unique_fd& file) {
  std::string text;
  std::array<char, 4096> part{};
  ssize_t length = 0;
  while ((length = read(file.get(), part.data(), part.size())) > 0)
    text.append(part.data(), static_cast<std::size_t>(length));
  return text;
}

/// What the dynamic loader would load, as it says itself: it alone knows where it looks. Nothing if
/// it does not say, as of a program that may not be read.
std::string list_of_libraries(const std::string& loader, const fs::path& image) {
  xpoll::Pipe pipe;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe.writer.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<const char*, 4> arguments{loader.c_str(), "--list", image.c_str(), nullptr};
  pid_t child = -1;
  const int error = posix_spawn(&child, loader.c_str(), &actions, nullptr,
                                const_cast<char**>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return {};
  pipe.writer.reset();
  const std::string list = read_all(pipe.reader);
  waitpid(child, nullptr, 0);
  return list;
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
