// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <xpoll/unique_fd.hpp>

namespace xpoll::vm {

/** One way of bytes out of the guest: a socket whose other end QEMU holds. */
class Channel {
 public:
  using Sink = std::function<void(std::string_view)>;

  explicit Channel(Sink sink);

  [[nodiscard]] int host_fd() const { return host_.get(); }
  [[nodiscard]] int guest_fd() const { return guest_.get(); }
  /** After QEMU has got its end; without it no end of file would come. */
  void close_guest_end() { guest_.reset(); }

  /** Passes what has arrived to the sink; false at the end of file. */
  bool receive();
  /** Passes everything up to the end of file. */
  void drain();

 private:
  Sink sink_;
  unique_fd host_;
  unique_fd guest_;
};

/** A sink that cuts the stream into lines. */
Channel::Sink by_line(std::function<void(std::string_view)> take);

}  // namespace xpoll::vm
