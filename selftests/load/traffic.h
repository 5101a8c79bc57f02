// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_LOAD_TRAFFIC_H
#define XPOLL_SELFTESTS_LOAD_TRAFFIC_H

#include "util/backend.h"
#include "util/sockets.h"

namespace xpoll_test {

// An instance that serves TCP connections, one after the other, and leaves each watch to the close
// of its socket.
class Traffic {
 public:
  // Each connection sends and is told of, read and closed; throws if an event is lost, if the close
  // leaves a watch behind or if it sends no FIN.
  void serve(int connections);

  // So many watched closes, of which a tenth are served connections: in the rest no event comes
  // before the close, which is cheaper.
  void closeWatched(int closes);

 private:
  void serveOne();
  void closeOne();

  TcpListener listener_;
  Fd ep_ = Backend::xpoll().instance();
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_LOAD_TRAFFIC_H
