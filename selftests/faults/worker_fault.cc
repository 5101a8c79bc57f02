// SPDX-License-Identifier: GPL-2.0-only
#include "faults/worker_fault.h"

#include <filesystem>
#include <string>

#include "load/pseudo_file.h"

namespace xpoll_test {
namespace {

void set(const std::string& knob, const std::string& value) {
  mustWrite("/sys/kernel/debug/failslab/" + knob, value);
}

bool isWorker(const std::filesystem::path& process) {
  std::error_code gone;
  return std::filesystem::exists(process / "make-it-fail", gone) &&
         readText(process / "comm").starts_with("kworker/");
}

void markWorkers(const char* mark) {
  for (const auto& process : std::filesystem::directory_iterator("/proc"))
    if (isWorker(process)) mustWrite(process.path() / "make-it-fail", mark);
}

}  // namespace

WorkerFault::WorkerFault(long bytes_before) {
  markWorkers("1");
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
  markWorkers("0");
}

}  // namespace xpoll_test
