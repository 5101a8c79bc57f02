// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/backend.h"
#include "tools/util/sockets.h"

namespace xpoll::test {

// An instance that serves TCP connections one after another. The last close of a socket removes its
// watch.
class Traffic {
 public:
  // Each connection sends data, is reported, read and closed. Throws if an event is lost, if the
  // close leaves a watch behind, or if it sends no FIN.
  void serve(int connections);

  // Closes this many watched files. A tenth of them are served connections; in the other cases no
  // event precedes the close, which is faster.
  void close_watched(int closes);

 private:
  void serve_one();
  void close_one();

  TcpListener listener_;
  unique_fd ep_ = Backend::xpoll().instance();
};

}  // namespace xpoll::test
