// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <xpoll/unique_fd.hpp>

namespace xpoll::vm {

/** An output stream of the guest: a socket whose other end QEMU holds. */
class Channel {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit Channel(Sink sink);

  [[nodiscard]] int host_fd() const { return host_.get(); }
  [[nodiscard]] int guest_fd() const { return guest_.get(); }
  /** Call it after QEMU has inherited its end; otherwise there would be no end of file. */
  void close_guest_end() { guest_.reset(); }

  /** Passes arrived bytes to the sink. Returns false at end of file. */
  bool receive();
  /** Passes everything up to end of file. */
  void drain();

 private:
  Sink sink_;
  unique_fd host_;
  unique_fd guest_;
};

/** A sink that splits the stream into lines. */
Channel::Sink by_line(std::function<void(std::string_view)> take);

}  // namespace xpoll::vm
