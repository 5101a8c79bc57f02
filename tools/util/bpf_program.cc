// SPDX-License-Identifier: GPL-2.0-only
#include "util/bpf_program.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "util/raw.h"

namespace xpoll::test::bpf {
namespace {

int try_load(const Program& program, bpf_prog_type type) {
  static constexpr char kLicense[] = "GPL";
  bpf_attr attributes{};
  attributes.prog_type = type;
  attributes.insns = address(program.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(program.size());
  attributes.license = address(kLicense);
  return static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));
}

}  // namespace

bool allows(const Program& program) {
  return unique_fd(try_load(program, BPF_PROG_TYPE_RAW_TRACEPOINT)).valid();
}

unique_fd load_program(const Program& program, bpf_prog_type type) {
  return checked_fd(try_load(program, type), "BPF_PROG_LOAD");
}

unique_fd load_constant(int index) { return load_program({set_register(0, index), kExit}); }

}  // namespace xpoll::test::bpf
