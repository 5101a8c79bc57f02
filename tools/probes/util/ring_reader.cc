// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/ring_reader.h"

#include <cerrno>
#include <system_error>
#include <utility>

namespace probes {

RingReader::RingReader(const bpf_map* ring, std::function<void(Record)> take)
    : take_(std::move(take)),
      ring_(ring_buffer__new(bpf_map__fd(ring), &RingReader::take_one, this, nullptr)) {
  if (!ring_) throw std::system_error(errno, std::generic_category(), "ring buffer");
}

int RingReader::fd() const { return ring_buffer__epoll_fd(ring_.get()); }

void RingReader::drain() {
  const int taken = ring_buffer__consume(ring_.get());
  if (taken < 0)
    throw std::system_error(-taken, std::generic_category(), "reading the ring buffer");
}

int RingReader::take_one(void* self, void* data, std::size_t size) {
  static_cast<RingReader*>(self)->take_({static_cast<const std::byte*>(data), size});
  return 0;
}

}  // namespace probes
