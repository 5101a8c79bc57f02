// SPDX-License-Identifier: GPL-2.0-only
#include "faults/slab_caches.h"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "load/pseudo_file.h"

namespace xpoll::test {
namespace {

std::vector<std::filesystem::path> caches() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/kernel/slab")) {
    if (entry.path().filename().string().starts_with("xpoll_")) paths.push_back(entry.path());
  }
  // The kernel merges caches of equal size unless booted with slab_nomerge.
  if (paths.empty()) throw std::runtime_error("no slab cache of xpoll: boot with slab_nomerge");
  return paths;
}

}  // namespace

void shrink_xpoll_caches() {
  for (const auto& cache : caches()) must_write(cache / "shrink", "1");
}

int xpoll_objects() {
  // The kernel counts a processor's active slabs as full. Shrinking releases them.
  shrink_xpoll_caches();
  int objects = 0;
  for (const auto& cache : caches()) objects += std::stoi(read_text(cache / "objects"));
  return objects;
}

}  // namespace xpoll::test
