// SPDX-License-Identifier: GPL-2.0-only
#include "obstacle.h"

#include <fcntl.h>
#include <fmt/format.h>

#include "elf_file.h"
#include "privilege.h"
#include "script.h"

namespace run {
namespace {

namespace fs = std::filesystem;

/// The C library's loader. The preload library interposes only that library's functions.
#ifdef __aarch64__
constexpr const char* loader_name = "ld-linux-aarch64.so.1";
#else
constexpr const char* loader_name = "ld-linux-x86-64.so.2";
#endif

std::optional<std::string> obstacle_in(const fs::path& program, const ElfFile& elf) {
  const auto because = [&](const std::string& reason) {
    return fmt::format("{} {}", program.native(), reason);
  };
  if (!elf.is_64_bit()) return because("is a 32-bit program, but the preload library is 64-bit");
  if (!elf.is_for_this_processor())
    return because("is a program for another processor than the preload library");
  if (elf.is_go())
    return because("is a Go program, which makes its system calls without the C library");
  const std::optional<std::string> loader = elf.loader();
  if (!loader) return because("is statically linked, so no loader can preload the library");
  if (fs::path(*loader).filename() != loader_name)
    return because(fmt::format("is for a C library other than glibc: its loader is {}", *loader));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> privilege_obstacle_of(const fs::path& program) {
  const fs::path image = interpreter_of(program);
  const std::optional<std::string> privilege = privilege_gained(image);
  if (!privilege) return std::nullopt;
  return fmt::format("{} is {}: a program that gains privilege starts on native epoll",
                     image.native(), *privilege);
}

std::optional<std::string> preload_obstacle_of(const fs::path& program) {
  const fs::path image = interpreter_of(program);
  // Not valid without read permission, which is no reason to refuse the program.
  const ElfFile elf(xpoll::unique_fd(open(image.c_str(), O_RDONLY | O_CLOEXEC)));
  return elf.valid() ? obstacle_in(image, elf) : std::nullopt;
}

}  // namespace run
