// SPDX-License-Identifier: GPL-2.0-only
// A QEMU TCG plugin that counts the guest's instructions between the marks of mark.h. It writes the
// counts to the file of its argument out=FILE when the measured program ends. It supports one
// virtual CPU.
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>

#include "mark.h"
#include "qemu_plugin.h"
#include "round_counts.h"
#include "util/plugin_option.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version;
int qemu_plugin_version = 1;

namespace {

using bench::Mark;
using bench_profile::RoundCounts;

// A global, because some of QEMU's callbacks pass no user data.
RoundCounts& counts() {
  static RoundCounts all;
  return all;
}

std::string& output() {
  static std::string path;
  return path;
}

void on_instruction(unsigned int /*vcpu*/, void* instruction) {
  counts().executed(*static_cast<RoundCounts::Instruction*>(instruction));
}

// Write at the program's end. QEMU's own end is too late: the runner kills QEMU once it has the
// verdict.
void write_file() {
  std::ofstream file(output());
  bench_profile::write_counts(counts().sections(), file);
  file.close();
  if (!file) std::fprintf(stderr, "profiler's plugin: cannot write %s\n", output().c_str());
}

template <Mark mark>
void on_mark(unsigned int /*vcpu*/, void* /*unused*/) {
  switch (mark) {
    case Mark::kSection:
      return counts().start_section();
    case Mark::kBegin:
      return counts().begin_round();
    case Mark::kEnd:
      return counts().end_round();
    case Mark::kDone:
      return write_file();
  }
}

qemu_plugin_vcpu_udata_cb_t handler_of(Mark mark) {
  switch (mark) {
    case Mark::kSection:
      return on_mark<Mark::kSection>;
    case Mark::kBegin:
      return on_mark<Mark::kBegin>;
    case Mark::kEnd:
      return on_mark<Mark::kEnd>;
    case Mark::kDone:
      return on_mark<Mark::kDone>;
  }
  return nullptr;
}

void instrument(qemu_plugin_insn* instruction) {
  const auto* bytes = static_cast<const std::uint8_t*>(qemu_plugin_insn_data(instruction));
  const std::optional<Mark> mark = bench::mark_of({bytes, qemu_plugin_insn_size(instruction)});
  if (mark) {
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, handler_of(*mark), QEMU_PLUGIN_CB_NO_REGS,
                                           nullptr);
  } else {
    qemu_plugin_register_vcpu_insn_exec_cb(
        instruction, on_instruction, QEMU_PLUGIN_CB_NO_REGS,
        counts().instruction(qemu_plugin_insn_vaddr(instruction)));
  }
}

void on_translation(qemu_plugin_id_t /*id*/, qemu_plugin_tb* block) {
  for (std::size_t index = 0; index < qemu_plugin_tb_n_insns(block); ++index) {
    instrument(qemu_plugin_tb_get_insn(block, index));
  }
}

}  // namespace

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* /*info*/,
                                           int argc, char** argv) {
  output() = bench::out_option("profiler's plugin", argc, argv);
  if (output().empty()) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  return 0;
}
