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
  // They are merged with others of their size unless the kernel is told not to.
  if (paths.empty()) throw std::runtime_error("no slab cache of xpoll: boot with slab_nomerge");
  return paths;
}

}  // namespace

void shrink_xpoll_caches() {
  for (const auto& cache : caches()) must_write(cache / "shrink", "1");
}

int xpoll_objects() {
  // Counts whole slabs while a processor has them in hand, which shrinking takes from it.
  shrink_xpoll_caches();
  int objects = 0;
  for (const auto& cache : caches()) objects += std::stoi(read_text(cache / "objects"));
  return objects;
}

}  // namespace xpoll::test
