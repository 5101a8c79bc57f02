// SPDX-License-Identifier: GPL-2.0-only
// Debian's haproxy between the clients and an nginx: two threads with an instance each, and watches
// for both sides of each connection.
#include <fmt/format.h>

#include <fstream>
#include <string_view>

#include "apps/http_server_test.h"
#include "apps/nginx_server.h"

namespace xpoll::test {
namespace {

// Its time limits exceed the tests', for the same reason as nginx's.
constexpr std::string_view kConfiguration = R"(
global
  nbthread 2

defaults
  mode http
  timeout connect 1h
  timeout client 1h
  timeout server 1h

frontend clients
  bind 127.0.0.1:{port}
  default_backend servers

backend servers
  server nginx 127.0.0.1:{server}
)";

class HaproxyTest : public HttpServerTest {
 protected:
  std::filesystem::path configure(std::uint16_t server) const {
    const std::filesystem::path file = directory() / "haproxy.cfg";
    std::ofstream out(file);
    out.exceptions(std::ios::badbit | std::ios::failbit);
    out << fmt::format(kConfiguration, fmt::arg("port", port()), fmt::arg("server", server));
    return file;
  }
};
XPOLL_WITH_PRELOAD(HaproxyTest);

TEST_P(HaproxyTest, PassesOnNothingButWhatIsInTheFiles) {
  NginxServer nginx(files(), directory(), free_tcp_port());
  nginx.await_start(start_native(nginx.command()));
  expect_serves_the_files(
      {.program = "haproxy", .arguments = {"-db", "-f", configure(nginx.port())}},
      "haproxy " + version_of({"haproxy", {"-v"}}, "version ([0-9.]+)"), {.signal = SIGUSR1});
}

}  // namespace
}  // namespace xpoll::test
