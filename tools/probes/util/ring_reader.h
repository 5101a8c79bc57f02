// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

namespace probes {

/// Reads a BPF_MAP_TYPE_RINGBUF. Never waits: the descriptor is for poll(2).
class RingReader final {
 public:
  using Record = std::span<const std::byte>;

  /// `take` gets each record, in the order in which they were reserved, on the thread that drains.
  RingReader(const bpf_map* ring, std::function<void(Record)> take);

  /// Readable when the programs woke the reader.
  [[nodiscard]] int fd() const;

  /// Takes all that is there.
  void drain();

 private:
  struct Free {
    void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
  };

  static int take_one(void* self, void* data, std::size_t size);

  std::function<void(Record)> take_;
  std::unique_ptr<ring_buffer, Free> ring_;
};

}  // namespace probes
