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
constexpr const char* loader_name = "ld-linux-x86-64.so.2";

std::optional<std::string> obstacle_in(const fs::path& program, const ElfFile& elf) {
  const auto because = [&](const std::string& reason) {
    return fmt::format("{} {}", program.native(), reason);
  };
  if (!elf.is_64_bit()) return because("is a 32-bit program, but the preload library is 64-bit");
  if (!elf.is_x86_64()) return because("is a program for a processor other than x86-64");
  if (elf.is_go())
    return because("is a Go program, which makes its system calls without the C library");
  const std::optional<std::string> loader = elf.loader();
  if (!loader) return because("is statically linked, so no loader can preload the library");
  if (fs::path(*loader).filename() != loader_name)
    return because(fmt::format("is for a C library other than glibc: its loader is {}", *loader));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> obstacle_of(const fs::path& program) {
  const fs::path image = interpreter_of(program);
  xpoll::unique_fd file(open(image.c_str(), O_RDONLY | O_CLOEXEC));
  // Execute permission without read permission is no reason to refuse.
  if (!file.valid()) return std::nullopt;
  if (const std::optional<std::string> privilege = privilege_gained(file.get()))
    return fmt::format("{} is {}: the loader does not preload into programs that gain privilege",
                       image.native(), *privilege);
  const ElfFile elf(std::move(file));
  return elf.valid() ? obstacle_in(image, elf) : std::nullopt;
}

}  // namespace run
