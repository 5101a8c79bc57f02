// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "probes/path/event.h"
#include "probes/util/probe_set.h"

// The core of xpoll-path, for other programs too (link PATH_LIB_OBJ and PROBES_UTIL_OBJ of
// rules.mk): options in, events with their way out.
//
//   path::Tracer tracer({.port = 7000}, [](const path::Event& event) { ... });
//   ... run what is to be looked at; whenever tracer.fd() is readable, or now and then:
//   tracer.drain(); tracer.stop(); path::Losses losses = tracer.losses();
//
// Followed are events that TCP over IPv4 makes on an established connection and that epoll_wait(2),
// epoll_pwait(2), epoll_pwait2(2) or XPOLL_IOC_WAIT delivers. Not followed: IPv6, UNIX sockets,
// UDP, pipes and other files; new connections and the end of one; room to write; instances watched
// by other instances.

namespace probes::path {

struct TracerOptions {
  bool native = true;
  bool xpoll = true;                  ///< needs the module
  std::optional<std::uint32_t> pid;   ///< only what is delivered to this process
  std::optional<std::uint16_t> port;  ///< only connections with it at one of their ends
  std::optional<int> fd;              ///< only the watch of a descriptor of this number
  std::uint32_t buffer_kib = 4096;    ///< for what was not drained yet; a power of two
  bool kprobes = false;               ///< even where fentry would do
  bool prompt = false;                ///< make fd() readable by each event, which costs more
};

/// What is not in the events. An event may be missing for each record, each entry and each hit.
/// Not known is what was forgotten: the tables of packets, of sockets' last data and of events that
/// wait to be taken drop their oldest entries when they are full, and tell nobody.
struct Losses {
  std::uint64_t records = 0;  ///< the ring buffer was full
  std::uint64_t entries = 0;  ///< a table of the programs was full
  /// A program was running already, and was not run once more. Empty if that is not known.
  std::optional<std::uint64_t> hits = 0;
  std::uint64_t incomplete = 0;  ///< events without a stage that they must have passed; left out
};

class Tracer final {
 public:
  using Take = std::function<void(const Event&)>;

  /// Traces from now on. Throws Unavailable if something is missing for that.
  Tracer(const TracerOptions& options, Take take);
  Tracer(Tracer&&) noexcept;
  Tracer& operator=(Tracer&&) noexcept;
  ~Tracer();

  /// For poll(2): readable when much is there to be drained.
  [[nodiscard]] int fd() const;

  /// Hands over the events since the last time, in the order of their returns.
  void drain();

  /// Ends the tracing and drains what is left.
  void stop();

  [[nodiscard]] Losses losses() const;
  [[nodiscard]] const std::vector<ProbeUse>& probes() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace probes::path
