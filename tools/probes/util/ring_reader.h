// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

namespace probes {

/// Reads a BPF_MAP_TYPE_RINGBUF. It never blocks: wait with poll(2) on the descriptor.
class RingReader final {
 public:
  using Record = std::span<const std::byte>;

  /// `take` gets each record, in the order of reservation, on the thread that calls drain().
  RingReader(const bpf_map* ring, std::function<void(Record)> take);

  /// Readable when the BPF programs have woken the reader.
  [[nodiscard]] int fd() const;

  /// Takes all available records.
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
