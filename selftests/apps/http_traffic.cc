// SPDX-License-Identifier: GPL-2.0-only
#include "apps/http_traffic.h"

#include <fmt/format.h>

#include <functional>
#include <list>
#include <stdexcept>

#include "apps/concurrently.h"
#include "apps/random_bytes.h"

namespace xpoll::test {
namespace {

constexpr int kResponsesOfAPair = 10;

void must_be(const HttpResponse& response, const HttpFiles::File& file) {
  if (response.status == 200 && response.body == file.content) return;
  throw std::runtime_error(fmt::format("http: wrong response to GET /{}: status {}, {} bytes",
                                       file.name, response.status, response.body.size()));
}

}  // namespace

void HttpTraffic::ask(int client, int responses, Pair& pair) {
  Random random(client);
  for (int i = 0; i < responses; ++i) {
    if (i > 0 && i % kResponsesOfAPair == 0) pair.connect();
    const HttpFiles::File& file = files_.all()[below(random, files_.all().size())];
    const HttpResponse response = (i % 2 == 0 ? pair.one : pair.other).get("/" + file.name);
    must_be(response, file);
    responses_ += 1;
    bytes_ += response.body.size();
  }
}

std::vector<std::string> HttpTraffic::run(int clients, int responses_of_each) {
  std::list<Pair> pairs;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < clients; ++i) {
    Pair& pair = pairs.emplace_back(port_);
    bodies.emplace_back([this, i, responses_of_each, &pair] { ask(i, responses_of_each, pair); });
  }
  return concurrently(bodies);
}

}  // namespace xpoll::test
