// SPDX-License-Identifier: GPL-2.0-only
#include "elf_file.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace run {
namespace {

Elf* begin(int fd) {
  elf_version(EV_CURRENT);
  return elf_begin(fd, ELF_C_READ, nullptr);
}

std::vector<GElf_Phdr> segments_of(Elf* elf, std::uint32_t type) {
  std::vector<GElf_Phdr> found;
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return found;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) && segment.p_type == type)
      found.push_back(segment);
  }
  return found;
}

std::string_view owner_of(const Elf_Data& notes, const GElf_Nhdr& note, std::size_t name) {
  const std::string_view owner(static_cast<const char*>(notes.d_buf) + name, note.n_namesz);
  return owner.substr(0, owner.find('\0'));
}

bool has_go_note(Elf* elf, const GElf_Phdr& segment) {
  Elf_Data* notes = elf_getdata_rawchunk(elf, static_cast<std::int64_t>(segment.p_offset),
                                         segment.p_filesz, ELF_T_NHDR);
  if (!notes) return false;
  GElf_Nhdr note;
  std::size_t name = 0;
  std::size_t content = 0;
  for (std::size_t at = 0; (at = gelf_getnote(notes, at, &note, &name, &content)) > 0;)
    if (owner_of(*notes, note, name) == "Go") return true;
  return false;
}

bool has_section(Elf* elf, std::string_view wanted) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return false;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section));) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name && name == wanted) return true;
  }
  return false;
}

}  // namespace

ElfFile::ElfFile(xpoll::unique_fd file) : file_(std::move(file)), elf_(begin(file_.get())) {
  GElf_Ehdr header;
  if (elf_ && gelf_getehdr(elf_, &header)) header_ = header;
}

std::optional<std::string> ElfFile::loader() const {
  for (const GElf_Phdr& segment : segments_of(elf_, PT_INTERP)) {
    const Elf_Data* data = elf_getdata_rawchunk(elf_, static_cast<std::int64_t>(segment.p_offset),
                                                segment.p_filesz, ELF_T_BYTE);
    if (!data) continue;
    const std::string_view path(static_cast<const char*>(data->d_buf), data->d_size);
    return std::string(path.substr(0, path.find('\0')));
  }
  return std::nullopt;
}

bool ElfFile::is_go() const {
  for (const GElf_Phdr& segment : segments_of(elf_, PT_NOTE))
    if (has_go_note(elf_, segment)) return true;
  return has_section(elf_, ".go.buildinfo");
}

}  // namespace run
