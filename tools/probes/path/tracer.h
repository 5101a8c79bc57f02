// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "probes/path/event.h"
#include "probes/util/probe_set.h"

// The core of xpoll-path, usable by other programs (link PATH_LIB_OBJ and PROBES_UTIL_OBJ of
// rules.mk). It takes options and returns events with their paths.
//
//   path::Tracer tracer({.port = 7000}, [](const path::Event& event) { ... });
//   ... run the program to trace; whenever tracer.fd() is readable, or now and then:
//   tracer.drain();
//   tracer.stop();
//   path::Losses losses = tracer.losses();
//
// It traces events that TCP over IPv4 causes on an established connection and that epoll_wait(2),
// epoll_pwait(2), epoll_pwait2(2) or XPOLL_IOC_WAIT delivers. It does not trace IPv6, UNIX sockets,
// UDP, pipes and other files; new connections and the end of one; EPOLLOUT; instances watched by
// other instances.

namespace probes::path {

struct TracerOptions {
  bool native = true;
  bool xpoll = true;                  ///< needs the module
  std::optional<std::uint32_t> pid;   ///< only events delivered to this process
  std::optional<std::uint16_t> port;  ///< only connections with this local or remote port
  std::optional<int> fd;              ///< only watches of this descriptor number
  std::uint32_t buffer_kib = 4096;    ///< size of the ring buffer; a power of two
  bool kprobes = false;               ///< even where fentry is available
  bool prompt = false;                ///< make fd() readable at each event, which costs more
};

/// What the events lack. Each lost record, entry and hit may mean a missing event. Evictions are
/// not counted: the tables of packets, of the sockets' last data and of pending events silently
/// drop their oldest entries when they are full.
struct Losses {
  std::uint64_t records = 0;  ///< the ring buffer was full
  std::uint64_t entries = 0;  ///< a table of the BPF programs was full
  /// Hits during which the same program was already running on that CPU, so it did not run. Empty
  /// if not known.
  std::optional<std::uint64_t> hits = 0;
  std::uint64_t incomplete = 0;  ///< omitted events that lack a stage which they must have passed
};

class Tracer final {
 public:
  using Take = std::function<void(const Event&)>;

  /// Starts tracing. Throws Unavailable if a precondition is missing.
  Tracer(const TracerOptions& options, Take take);
  Tracer(Tracer&&) noexcept;
  Tracer& operator=(Tracer&&) noexcept;
  ~Tracer();

  /// For poll(2): readable when enough records are buffered.
  [[nodiscard]] int fd() const;

  /// Passes on the events since the last call, in the order of their returns.
  void drain();

  /// Stops tracing and drains the rest.
  void stop();

  [[nodiscard]] Losses losses() const;
  [[nodiscard]] const std::vector<ProbeUse>& probes() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace probes::path
