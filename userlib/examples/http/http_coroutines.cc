// SPDX-License-Identifier: MIT
// xpoll-http-coroutines: the HTTP/1.1 server of http_server.cc as coroutines.
#include <array>
#include <string_view>
#include <utility>

#include "async_socket.hpp"
#include "http_program.hpp"
#include "http_session.hpp"

namespace {

using example::coroutines;
using example::http_counters;
using example::task;

task serve_client(coroutines&, example::ring_loop& loop, xpoll::unique_fd connection,
                  const example::site& files, http_counters& counters) {
  example::async_socket socket(loop, std::move(connection));
  example::http_session session(files, counters);
  std::array<char, 16384> room;
  counters.open();
  while (!socket.lost() && !session.finished()) {
    if (!session.output().empty()) {
      session.sent(co_await socket.write(session.output()));
    } else {
      if (session.ending()) socket.end_output();
      session.receive(std::string_view(room.data(), co_await socket.read(room)));
    }
  }
  ++counters.closed;
  counters.lost += socket.lost();
}

task serve_clients(coroutines& clients, example::http_service& given, http_counters& counters) {
  example::async_socket listener(given.loop, std::move(given.listener));
  while (true) {
    co_await clients.at_most(given.most);  // this one besides most - 1 clients
    serve_client(clients, given.loop, co_await listener.accept(), given.files, counters);
  }
}

http_counters serve(example::http_service given) {
  http_counters counters;
  coroutines clients;
  serve_clients(clients, given, counters);
  while (!given.stopping()) given.loop.turn();
  return counters;
}

}  // namespace

int main(int argc, char** argv) {
  return example::run_http_program(argc, argv, "xpoll-http-coroutines", serve);
}
