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
  /// Whether it is for the processor that this program is for.
  [[nodiscard]] bool is_for_this_processor() const { return header_->e_machine == this_processor; }

  /// The dynamic loader that it requests; none in a static program.
  [[nodiscard]] std::optional<std::string> loader() const;

  /// Whether Go's linker produced it.
  [[nodiscard]] bool is_go() const;

 private:
#ifdef __aarch64__
  static constexpr int this_processor = EM_AARCH64;
#else
  static constexpr int this_processor = EM_X86_64;
#endif

  xpoll::unique_fd file_;
  Elf* elf_;
  std::optional<GElf_Ehdr> header_;
};

}  // namespace run
