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

int try_load(const Program& program, bpf_prog_type type, std::uint32_t flags = 0) {
  static constexpr char kLicense[] = "GPL";
  bpf_attr attributes{};
  attributes.prog_type = type;
  attributes.insns = address(program.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(program.size());
  attributes.license = address(kLicense);
  attributes.prog_flags = flags;
  return sys_bpf(BPF_PROG_LOAD, attributes);
}

}  // namespace

bool allows(const Program& program) {
  return unique_fd(try_load(program, BPF_PROG_TYPE_RAW_TRACEPOINT)).valid();
}

unique_fd load_program(const Program& program, bpf_prog_type type) {
  return checked_fd(try_load(program, type), "BPF_PROG_LOAD");
}

unique_fd load_sleepable(const Program& program) {
  return unique_fd(try_load(program, BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_F_SLEEPABLE));
}

unique_fd load_constant(int index) { return load_program({set_register(0, index), kExit}); }

std::uint32_t number_of(const unique_fd& program) {
  bpf_prog_info told{};
  bpf_attr attributes{};
  attributes.info.bpf_fd = static_cast<std::uint32_t>(program.get());
  attributes.info.info_len = sizeof(told);
  attributes.info.info = address(&told);
  checked(sys_bpf(BPF_OBJ_GET_INFO_BY_FD, attributes), "BPF_OBJ_GET_INFO_BY_FD");
  return told.id;
}

bool is_loaded(std::uint32_t number) {
  bpf_attr attributes{};
  attributes.prog_id = number;
  const unique_fd program(sys_bpf(BPF_PROG_GET_FD_BY_ID, attributes));
  if (!program.valid() && errno != ENOENT) checked(-1, "BPF_PROG_GET_FD_BY_ID");
  return program.valid();
}

}  // namespace xpoll::bpf
