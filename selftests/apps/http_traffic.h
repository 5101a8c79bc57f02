// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/http_client.h"
#include "apps/http_files.h"

namespace xpoll::test {

// Concurrent clients that request the files and compare each response with the expected one. Each
// has two connections, which are all open before the first request, and replaces them now and then.
class HttpTraffic {
 public:
  HttpTraffic(const HttpFiles& files, std::uint16_t port) : files_(files), port_(port) {}

  // Returns the failures; empty if each client got that many responses, all correct.
  std::vector<std::string> run(int clients, int responses_of_each);

  std::uint64_t responses() const { return responses_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Pair {
    explicit Pair(std::uint16_t port) : one(port), other(port) { connect(); }
    void connect() {
      one.connect();
      other.connect();
    }
    HttpClient one;
    HttpClient other;
  };

  void ask(int client, int responses, Pair& pair);

  const HttpFiles& files_;
  const std::uint16_t port_;
  std::atomic<std::uint64_t> responses_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace xpoll::test
