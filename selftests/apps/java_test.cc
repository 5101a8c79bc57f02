// SPDX-License-Identifier: GPL-2.0-only
// Debian's Java: a selector modifies a key's watch whenever its interest changes, and an eventfd
// wakes the selector.
#include "apps/http_server_test.h"
#include "apps/packages.h"
#include "apps/settings.h"

namespace xpoll::test {
namespace {

constexpr int kEndedBySigterm = 128 + SIGTERM;

class JavaTest : public HttpServerTest {};
XPOLL_WITH_PRELOAD(JavaTest);

TEST_P(JavaTest, SelectorServesNothingButWhatIsInTheFiles) {
  const std::string java = find_in_packages("usr/lib/jvm/java-17-openjdk-amd64/bin/java");
  // Limits for a short run in a small guest: one compiler, a small heap.
  expect_serves_the_files(
      {.program = java,
       .arguments = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp",
                     app_settings().servers, "HttpServer", port(), files().directory()}},
      "java " + version_of({java, {"-version"}}, "version \"([0-9.]+)\""),
      {.status = kEndedBySigterm});
}

}  // namespace
}  // namespace xpoll::test
