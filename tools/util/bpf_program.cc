// SPDX-License-Identifier: GPL-2.0-only
#include "tools/util/bpf_program.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace xpoll::bpf {
namespace {

std::uint64_t address(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

int sys_bpf(bpf_cmd command, bpf_attr& attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof(attributes)));
}

int try_load(const Program& program, bpf_prog_type type) {
  static constexpr char kLicense[] = "GPL";
  bpf_attr attributes{};
  attributes.prog_type = type;
  attributes.insns = address(program.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(program.size());
  attributes.license = address(kLicense);
  return sys_bpf(BPF_PROG_LOAD, attributes);
}

}  // namespace

bool allows(const Program& program) {
  return unique_fd(try_load(program, BPF_PROG_TYPE_RAW_TRACEPOINT)).valid();
}

unique_fd load_program(const Program& program, bpf_prog_type type) {
  return checked_fd(try_load(program, type), "BPF_PROG_LOAD");
}

unique_fd load_constant(int index) { return load_program({set_register(0, index), kExit}); }

std::set<std::uint32_t> loaded_programs() {
  std::set<std::uint32_t> numbers;
  bpf_attr attributes{};
  while (sys_bpf(BPF_PROG_GET_NEXT_ID, attributes) == 0) {
    numbers.insert(attributes.next_id);
    attributes.start_id = attributes.next_id;
  }
  if (errno != ENOENT) checked(-1, "BPF_PROG_GET_NEXT_ID");
  return numbers;
}

}  // namespace xpoll::bpf
