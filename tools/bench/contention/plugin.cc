// SPDX-License-Identifier: GPL-2.0-only
// A QEMU TCG plugin that counts, between the marks of profile/mark.h, what several processors of a
// guest do to each other: locked instructions, and accesses to cache lines that another processor
// wrote or touched. It writes the counts to the file of its argument out=FILE when the measured
// program ends.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "contention/cache_lines.h"
#include "contention/locked.h"
#include "contention/window.h"
#include "profile/mark.h"
#include "profile/qemu_plugin.h"
#include "util/plugin_option.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version;
int qemu_plugin_version = 1;

namespace {

using bench::Mark;
using bench_contention::Access;
using bench_contention::CacheLines;
using bench_contention::Crossings;
using bench_contention::Window;

using Count = std::atomic<std::uint64_t>;

/// An instruction that reads or writes memory.
struct Site {
  Count written{0};
  Count read{0};
};

/// The counts of one processor, in cache lines of their own.
struct alignas(64) Processor {
  Count instructions{0};
  Count locked{0};
};

class Counter {
 public:
  void executed(unsigned processor, std::uint64_t instructions) {
    if (is_open()) add(processors_.at(processor).instructions, instructions);
  }
  void locked(unsigned processor) {
    if (is_open()) add(processors_.at(processor).locked, 1);
  }
  // The table follows accesses outside of windows, too: the first ones inside would seem quiet
  // otherwise.
  void accessed(unsigned processor, std::uint64_t address, bool is_write, Site& site) {
    const Access access =
        is_write ? lines_.write(processor, address) : lines_.read(processor, address);
    if (access == Access::kQuiet || !is_open()) return;
    (access == Access::kTakenOver ? site.written : site.read)
        .fetch_add(1, std::memory_order_relaxed);
  }

  /// The site of the instruction at an address. QEMU keeps a pointer to it.
  Site* site(std::uint64_t address) {
    const std::scoped_lock lock(mutex_);
    std::unique_ptr<Site>& site = sites_[address];
    if (!site) site = std::make_unique<Site>();
    return site.get();
  }

  void open() {
    const std::scoped_lock lock(mutex_);
    for (Processor& processor : processors_) {
      processor.instructions = 0;
      processor.locked = 0;
    }
    for (auto& [address, site] : sites_) {
      site->written = 0;
      site->read = 0;
    }
    open_ = true;
  }

  void close() {
    const std::scoped_lock lock(mutex_);
    open_ = false;
    Window& window = windows_.emplace_back();
    for (const Processor& processor : processors_) {
      window.instructions += processor.instructions;
      window.locked += processor.locked;
    }
    for (const auto& [address, site] : sites_) {
      const Crossings crossings{site->written, site->read};
      if (crossings.written == 0 && crossings.read == 0) continue;
      window.crossings.written += crossings.written;
      window.crossings.read += crossings.read;
      window.sites[address] = crossings;
    }
  }

  [[nodiscard]] const std::vector<Window>& windows() const { return windows_; }

 private:
  [[nodiscard]] bool is_open() const { return open_.load(std::memory_order_relaxed); }

  /// Only the processor itself adds to its counts.
  static void add(Count& count, std::uint64_t more) {
    count.store(count.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

  CacheLines lines_;
  std::array<Processor, CacheLines::kProcessors> processors_;
  std::atomic<bool> open_{false};
  std::mutex mutex_;  // of what follows
  std::unordered_map<std::uint64_t, std::unique_ptr<Site>> sites_;
  std::vector<Window> windows_;
};

// Globals, because some of QEMU's callbacks pass no user data.
Counter& counter() {
  static Counter all;
  return all;
}

std::string& output() {
  static std::string path;
  return path;
}

// Write at the program's end. QEMU's own end is too late: the runner kills QEMU once it has the
// verdict.
void write_file() {
  std::ofstream file(output());
  bench_contention::write_windows(counter().windows(), file);
  file.close();
  if (!file) std::fprintf(stderr, "plugin for contention: cannot write %s\n", output().c_str());
}

void on_block(unsigned int processor, void* instructions) {
  counter().executed(processor, reinterpret_cast<std::uintptr_t>(instructions));
}

void on_locked(unsigned int processor, void* /*unused*/) { counter().locked(processor); }

void on_access(unsigned int processor, qemu_plugin_meminfo_t info, std::uint64_t address,
               void* site) {
  counter().accessed(processor, address, qemu_plugin_mem_is_store(info), *static_cast<Site*>(site));
}

void on_begin(unsigned int /*processor*/, void* /*unused*/) { counter().open(); }
void on_end(unsigned int /*processor*/, void* /*unused*/) { counter().close(); }
void on_done(unsigned int /*processor*/, void* /*unused*/) { write_file(); }

qemu_plugin_vcpu_udata_cb_t handler_of(Mark mark) {
  switch (mark) {
    case Mark::kBegin:
      return on_begin;
    case Mark::kEnd:
      return on_end;
    case Mark::kDone:
      return on_done;
    case Mark::kSection:
      return nullptr;
  }
  return nullptr;
}

void instrument(qemu_plugin_insn* instruction) {
  const std::span<const std::uint8_t> bytes{
      static_cast<const std::uint8_t*>(qemu_plugin_insn_data(instruction)),
      qemu_plugin_insn_size(instruction)};
  if (const std::optional<Mark> mark = bench::mark_of(bytes)) {
    if (auto* handler = handler_of(*mark)) {
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, handler, QEMU_PLUGIN_CB_NO_REGS, nullptr);
    }
    return;
  }
  if (bench_contention::is_locked(bytes)) {
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_locked, QEMU_PLUGIN_CB_NO_REGS, nullptr);
  }
  qemu_plugin_register_vcpu_mem_cb(instruction, on_access, QEMU_PLUGIN_CB_NO_REGS,
                                   QEMU_PLUGIN_MEM_RW,
                                   counter().site(qemu_plugin_insn_vaddr(instruction)));
}

void on_translation(qemu_plugin_id_t /*id*/, qemu_plugin_tb* block) {
  const std::size_t instructions = qemu_plugin_tb_n_insns(block);
  qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, QEMU_PLUGIN_CB_NO_REGS,
                                       reinterpret_cast<void*>(instructions));
  for (std::size_t index = 0; index < instructions; ++index) {
    instrument(qemu_plugin_tb_get_insn(block, index));
  }
}

}  // namespace

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* /*info*/,
                                           int argc, char** argv) {
  output() = bench::out_option("plugin for contention", argc, argv);
  if (output().empty()) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  return 0;
}
