// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/task_names.h"

#include <fmt/format.h>

#include <fstream>

namespace probes::path {
namespace {

std::string ask(std::uint32_t tid) {
  if (tid == 0) return "idle";
  std::ifstream file(fmt::format("/proc/{}/comm", tid));
  std::string comm;
  if (!std::getline(file, comm)) return fmt::format("task {}", tid);
  return fmt::format("{}/{}", comm, tid);
}

}  // namespace

const std::string& TaskNames::of(std::uint32_t tid) {
  auto found = names_.find(tid);
  if (found == names_.end()) found = names_.emplace(tid, ask(tid)).first;
  return found->second;
}

}  // namespace probes::path
