// SPDX-License-Identifier: GPL-2.0-only
// A static Go server: the Go runtime makes epoll's system calls itself, edge-triggered, and no
// library can come between.
#include "apps/http_server_test.h"
#include "apps/settings.h"

namespace xpoll::test {
namespace {

class GoTest : public HttpServerTest {};
XPOLL_WITHOUT_PRELOAD(GoTest);

TEST_P(GoTest, ServesNothingButWhatIsInTheFilesOn50Connections) {
  const std::string server = app_settings().servers / "http_server";
  constexpr HttpLoad kLoad{.clients = 25, .responses_of_each = 20};
  expect_serves_the_files({.program = server, .arguments = {port(), files().directory()}},
                          "go " + version_of({server, {"--version"}}, "go([0-9.]+)"),
                          {.load = kLoad});
}

}  // namespace
}  // namespace xpoll::test
