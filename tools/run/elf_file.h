// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gelf.h>

#include <optional>
#include <string>
#include <xpoll/unique_fd.hpp>

namespace run {

/// The headers of an executable.
class ElfFile final {
 public:
  explicit ElfFile(xpoll::unique_fd file);
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;
  ~ElfFile() { elf_end(elf_); }

  /// Whether it is an ELF file.
  [[nodiscard]] bool valid() const { return header_.has_value(); }
  [[nodiscard]] bool is_64_bit() const { return header_->e_ident[EI_CLASS] == ELFCLASS64; }
  [[nodiscard]] bool is_x86_64() const { return header_->e_machine == EM_X86_64; }

  /// The dynamic loader that it requests; none in a static program.
  [[nodiscard]] std::optional<std::string> loader() const;

  /// Whether Go's linker produced it.
  [[nodiscard]] bool is_go() const;

 private:
  xpoll::unique_fd file_;
  Elf* elf_;
  std::optional<GElf_Ehdr> header_;
};

}  // namespace run
