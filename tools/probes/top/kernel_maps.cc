// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/kernel_maps.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <xpoll/unique_fd.hpp>

namespace top {
namespace {

/// More than fit into any one bucket of the map, which must be read at once.
constexpr std::size_t kBatch = 4096;
constexpr const char* kWalk = "walking all descriptors";

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

std::vector<top_instance> read_instances(const bpf_map* instances) {
  std::vector<std::uint64_t> keys(kBatch);
  std::vector<top_instance> batch(kBatch);
  std::vector<top_instance> all;
  std::uint32_t position = 0;
  void* from = nullptr;
  bool more = true;
  while (more) {
    std::uint32_t count = kBatch;
    more = bpf_map_lookup_batch(bpf_map__fd(instances), from, &position, keys.data(), batch.data(),
                                &count, nullptr) == 0;
    if (!more && errno != ENOENT) fail("reading the instances");
    all.insert(all.end(), batch.begin(), batch.begin() + count);
    from = &position;
  }
  return all;
}

std::vector<top_instance> take_closed(const bpf_map* closed) {
  std::vector<top_instance> all;
  top_instance instance{};
  while (bpf_map_lookup_and_delete_elem(bpf_map__fd(closed), nullptr, &instance) == 0)
    all.push_back(instance);
  if (errno != ENOENT) fail("reading the closed instances");
  return all;
}

std::vector<top_holder> find_holders(const bpf_link* iterator) {
  const xpoll::unique_fd found(bpf_iter_create(bpf_link__fd(iterator)));
  if (!found.valid()) fail(kWalk);
  std::vector<top_holder> all;
  std::vector<char> bytes(kBatch * sizeof(top_holder));
  std::size_t filled = 0;
  while (true) {
    const ssize_t got = read(found.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) fail(kWalk);
    if (got == 0) return all;
    filled += static_cast<std::size_t>(got);
    // what is read may end in the middle of one
    const std::size_t whole = filled / sizeof(top_holder);
    const std::size_t before = all.size();
    all.resize(before + whole);
    std::memcpy(all.data() + before, bytes.data(), whole * sizeof(top_holder));
    filled -= whole * sizeof(top_holder);
    std::memmove(bytes.data(), bytes.data() + whole * sizeof(top_holder), filled);
  }
}

}  // namespace top
