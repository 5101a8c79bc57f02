// SPDX-License-Identifier: GPL-2.0-only
// Debian's Python with asyncio: select.epoll, level-triggered, in one thread.
#include "apps/http_server_test.h"
#include "apps/settings.h"

namespace xpoll::test {
namespace {

class AsyncioTest : public HttpServerTest {};
XPOLL_WITH_PRELOAD(AsyncioTest);

TEST_P(AsyncioTest, ServesNothingButWhatIsInTheFiles) {
  const std::string python = "python3.11";
  expect_serves_the_files(
      {.program = python,
       .arguments = {app_settings().servers / "http_server.py", port(), files().directory()}},
      "asyncio " + version_of({python, {"--version"}}, "Python ([0-9.]+)"));
}

}  // namespace
}  // namespace xpoll::test
