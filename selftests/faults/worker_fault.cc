// SPDX-License-Identifier: GPL-2.0-only
#include "faults/worker_fault.h"

#include <filesystem>
#include <string>

#include "load/pseudo_file.h"

namespace xpoll::test {
namespace {

void set(const std::string& knob, const std::string& value) {
  must_write("/sys/kernel/debug/failslab/" + knob, value);
}

bool is_worker(const std::filesystem::path& process) {
  std::error_code gone;
  return std::filesystem::exists(process / "make-it-fail", gone) &&
         read_text(process / "comm").starts_with("kworker/");
}

void mark_workers(const char* mark) {
  for (const auto& process : std::filesystem::directory_iterator("/proc"))
    if (is_worker(process)) must_write(process.path() / "make-it-fail", mark);
}

}  // namespace

WorkerFault::WorkerFault(long bytes_before) {
  mark_workers("1");
  set("verbose", "0");
  set("cache-filter", "N");
  set("ignore-gfp-wait", "N");
  set("task-filter", "Y");
  set("space", std::to_string(bytes_before));
  set("times", "1");
  set("probability", "100");
}

WorkerFault::~WorkerFault() {
  set("probability", "0");
  set("task-filter", "N");
  mark_workers("0");
}

}  // namespace xpoll::test
