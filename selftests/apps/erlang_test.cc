// SPDX-License-Identifier: GPL-2.0-only
// Debian's Erlang: one-shot watches in the instance of a polling thread, and another instance for
// descriptors that the schedulers poll themselves.
#include "apps/http_server_test.h"
#include "apps/packages.h"
#include "apps/settings.h"

namespace xpoll::test {
namespace {

class ErlangTest : public HttpServerTest {
 protected:
  // Replaces the shell script `erl`, which assumes that Erlang is in /usr/lib/erlang.
  static Command erl(const std::vector<std::string>& arguments) {
    const std::filesystem::path root = find_in_packages("usr/lib/erlang");
    const std::filesystem::path binaries = find_in_packages("usr/lib/erlang/erts-*/bin");
    return {.program = binaries / "erlexec",
            .arguments = arguments,
            .environment = {"ROOTDIR=" + root.string(), "BINDIR=" + binaries.string(), "EMU=beam",
                            "PROGNAME=erl"}};
  }
};
XPOLL_WITH_PRELOAD(ErlangTest);

TEST_P(ErlangTest, GenTcpServesNothingButWhatIsInTheFiles) {
  expect_serves_the_files(erl({"-noinput", "-pa", app_settings().servers, "-run", "http_server",
                               "main", port(), files().directory()}),
                          "erlang " + version_of(erl({"-version"}), "version ([0-9.]+)"));
}

}  // namespace
}  // namespace xpoll::test
