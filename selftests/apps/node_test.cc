// SPDX-License-Identifier: GPL-2.0-only
// Node.js as its makers built it: libuv, which wants to hand its ADD and MOD to an io_uring, and a
// thread pool that wakes its loop by an eventfd.
#include "apps/http_server_test.h"
#include "apps/settings.h"

namespace xpoll_test {
namespace {

class NodeTest : public HttpServerTest {
 protected:
  void expectServesWith(const std::string& package) {
    const std::string node = appSettings().node_modules / package / "bin/node";
    expectServesTheFiles(
        {.program = node,
         .arguments = {appSettings().servers / "http_server.js", port(), files().directory()}},
        "node " + versionOf({node, {"--version"}}, "v([0-9.]+)"));
  }
};
XPOLL_FOR_EACH_BACKEND(NodeTest);

TEST_P(NodeTest, Version22ServesNothingButWhatIsInTheFiles) { expectServesWith("node-22"); }

TEST_P(NodeTest, Version24ServesNothingButWhatIsInTheFiles) { expectServesWith("node-24"); }

}  // namespace
}  // namespace xpoll_test
