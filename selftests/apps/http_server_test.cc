// SPDX-License-Identifier: GPL-2.0-only
#include "apps/http_server_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "apps/held_instances.h"
#include "apps/http_traffic.h"

namespace xpoll::test {
using testing::IsEmpty;

void HttpServerTest::SetUp() {
  AppTest::SetUp();
  if (IsSkipped() || HasFatalFailure()) return;
  files_.emplace(directory() / "files");
}

void HttpServerTest::expect_serves_the_files(const Command& server, const std::string& version,
                                             const HttpServing& serving) {
  Program& program = start(server);
  wait_until_listening(program, port_);
  HttpTraffic traffic(*files_, port_);
  const std::vector<std::string> failures =
      traffic.run(serving.load.clients, serving.load.responses_of_each);
  EXPECT_THAT(failures, IsEmpty());
  EXPECT_EQ(traffic.responses(),
            static_cast<std::uint64_t>(serving.load.clients * serving.load.responses_of_each));

  const Backend other = backend_.is_xpoll() ? Backend::native() : Backend::xpoll();
  EXPECT_GT(held_instances(program.pid(), backend_), 0);
  EXPECT_EQ(held_instances(program.pid(), other), 0);
  EXPECT_EQ(held_rings(program.pid()) > 0, serving.ring);

  EXPECT_EQ(program.stop(serving.signal), serving.status) << version << " ended with that status";
  expect_ran_on_backend(program);
  record(version,
         fmt::format("{} responses, {} bytes compared", traffic.responses(), traffic.bytes()),
         failures.size(), program);
}

}  // namespace xpoll::test
