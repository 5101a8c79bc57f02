// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/backend.h"
#include "tools/util/sockets.h"

namespace xpoll::test {

// An instance that serves TCP connections, one after the other, and leaves each watch to the close
// of its socket.
class Traffic {
 public:
  // Each connection sends and is told of, read and closed; throws if an event is lost, if the close
  // leaves a watch behind or if it sends no FIN.
  void serve(int connections);

  // So many watched closes, of which a tenth are served connections: in the rest no event comes
  // before the close, which is cheaper.
  void close_watched(int closes);

 private:
  void serve_one();
  void close_one();

  TcpListener listener_;
  unique_fd ep_ = Backend::xpoll().instance();
};

}  // namespace xpoll::test
