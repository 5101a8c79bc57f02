// SPDX-License-Identifier: GPL-2.0-only
// The upstream build of Node.js: libuv, which submits its ADD and MOD to an io_uring unless the
// preload library refuses that, and a thread pool that wakes the event loop through an eventfd.
#include "apps/http_server_test.h"
#include "apps/settings.h"

namespace xpoll::test {
namespace {

class NodeTest : public HttpServerTest {
 protected:
  void expect_serves_with(const std::string& package) {
    const std::string node = app_settings().node_modules / package / "bin/node";
    expect_serves_the_files(
        {.program = node,
         .arguments = {app_settings().servers / "http_server.js", port(), files().directory()}},
        "node " + version_of({node, {"--version"}}, "v([0-9.]+)"),
        {.ring = GetParam().option != kXpollByPreload.option});
  }
};
XPOLL_IN_EACH_WAY(NodeTest);

TEST_P(NodeTest, Version22ServesNothingButWhatIsInTheFiles) { expect_serves_with("node-22"); }

TEST_P(NodeTest, Version24ServesNothingButWhatIsInTheFiles) { expect_serves_with("node-24"); }

}  // namespace
}  // namespace xpoll::test
