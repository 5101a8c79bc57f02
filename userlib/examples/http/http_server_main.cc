// SPDX-License-Identifier: MIT
// xpoll-http: an HTTP/1.1 server on a ready ring.
#include <utility>

#include "http_program.hpp"
#include "http_server.hpp"

int main(int argc, char** argv) {
  return example::run_http_program(argc, argv, "xpoll-http", [](example::http_service given) {
    example::http_server server(given.loop, given.files, std::move(given.listener), given.most);
    while (!given.stopping()) given.loop.turn();
    return server.counters();
  });
}
