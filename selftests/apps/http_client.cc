// SPDX-License-Identifier: GPL-2.0-only
#include "apps/http_client.h"

#include <stdexcept>

namespace xpoll::test {

HttpResponse HttpClient::get(const std::string& path) {
  std::optional<HttpResponse> response;
  if (kept_) {
    response = kept_->get(path);
    if (!response) ++reopened_;
  }
  if (!response) {
    kept_.emplace(port_);
    response = kept_->get(path);
  }
  if (!response)
    throw std::runtime_error("http: a new connection was closed without an answer to " + path);
  if (!response->keeps_alive) {
    kept_->await_close();
    kept_.reset();
  }
  return *std::move(response);
}

}  // namespace xpoll::test
