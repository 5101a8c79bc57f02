// SPDX-License-Identifier: GPL-2.0-only
// Debian's nginx: edge-triggered watches, an instance per worker, a listener that both workers
// watch with EPOLLEXCLUSIVE, sendfile, and workers that come and go under load.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/app_test.h"
#include "apps/concurrently.h"
#include "apps/held_instances.h"
#include "apps/http_client.h"
#include "apps/http_files.h"
#include "apps/nginx_server.h"
#include "apps/nginx_wrk.h"
#include "apps/random_bytes.h"
#include "apps/tcp_port.h"
#include "tools/util/wait_until.h"
#include "util/stress.h"

namespace xpoll::test {
namespace {

using testing::IsEmpty;

class NginxTest : public AppTest {
 protected:
  void SetUp() override {
    AppTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    files_.emplace(directory() / "files");
    nginx_.emplace(*files_, directory(), free_tcp_port());
    program_ = &start(nginx_->command());
    nginx_->await_start(*program_);
  }

  void expect_an_instance_in_each_worker() const {
    for (const pid_t worker : nginx_->workers()) {
      EXPECT_EQ(held_instances(worker, backend_), 1);
    }
  }

  // Call it after a graceful stop. Every worker had an instance. The master had one briefly per
  // configuration, to check that epoll works.
  void expect_ended(int generations) {
    EXPECT_EQ(program_->wait(), 0) << "nginx ended with that status";
    EXPECT_THAT(nginx_->complaints(), IsEmpty());
    expect_ran_on_backend(*program_);
    if (backend_.is_xpoll()) {
      EXPECT_EQ(program_->stats().instances,
                static_cast<std::uint64_t>(generations * (1 + NginxServer::kWorkers)));
    }
  }

  std::string version() { return "nginx " + version_of({"nginx", {"-v"}}, "nginx/([0-9.]+)"); }

  std::optional<HttpFiles> files_;
  std::optional<NginxServer> nginx_;
  Program* program_ = nullptr;
};
XPOLL_IN_EACH_WAY(NginxTest);

TEST_P(NginxTest, SendsWrkNothingButWhatIsInTheFiles) {
  const NginxWrk wrk(*files_, directory(), nginx_->port());
  std::uint64_t responses = 0;
  std::uint64_t bytes = 0;
  std::uint64_t errors = 0;
  for (const std::string header : {"", "Connection: close"}) {
    const Program& client = run(wrk.command(header));
    expect_ran_on_backend(client);
    const NginxWrk::Report report = wrk.report();
    EXPECT_EQ(report.bad, 0U) << report.text;
    EXPECT_EQ(report.errors, 0U) << report.text;
    EXPECT_GE(report.responses, files_->all().size()) << report.text;
    responses += report.responses;
    bytes += report.bytes;
    errors += report.bad + report.errors;
  }
  expect_an_instance_in_each_worker();
  program_->signal(SIGQUIT);
  expect_ended(1);
  record(version() + " + wrk", fmt::format("{} responses, {} bytes compared", responses, bytes),
         errors, *program_);
}

class NginxReloadTest : public NginxTest {
 protected:
  static constexpr int kClients = 6;
  static constexpr int kGenerations = 4;
  static constexpr std::uint64_t kResponsesOfEach = 250;

  // Requests files and compares every response, until told to end.
  void ask(int number) {
    Random random(number);
    HttpClient client(nginx_->port());
    while (!ended_) {
      const HttpFiles::File& file = files_->all()[below(random, files_->all().size())];
      const int oldest = oldest_;
      const HttpResponse response = client.get("/" + file.name);
      must_be(response, file, oldest);
      responses_ += 1;
      bytes_ += response.body.size();
    }
    reopened_ += client.reopened();
  }

  // When the request was sent, no worker older than generation `oldest` was left.
  void must_be(const HttpResponse& response, const HttpFiles::File& file, int oldest) const {
    const int generation = std::stoi(response.headers.at("X-Generation"));
    if (response.status != 200 || response.body != file.content ||
        response.headers.at("Content-Length") != std::to_string(file.content.size()) ||
        response.headers.at("X-File") != "/" + file.name || generation < oldest ||
        generation > newest_) {
      throw std::runtime_error(
          fmt::format("nginx: wrong response to GET /{}: status {}, {} bytes of {}, generation {} "
                      "when there were {} to {}",
                      file.name, response.status, response.body.size(),
                      response.headers.at("X-File"), generation, oldest, newest_.load()));
    }
  }

  void reload_while_asked() {
    const SetAtExit end(ended_);
    for (int generation = 2; generation <= kGenerations; ++generation) {
      await_responses(kResponsesOfEach);
      newest_ = generation;
      nginx_->reload(generation);
      oldest_ = generation;
    }
    await_responses(kResponsesOfEach);
  }

  void await_responses(std::uint64_t more) const {
    const std::uint64_t enough = responses_ + more;
    wait_until(fmt::format("{} responses", enough), [&] { return responses_ >= enough; });
  }

  // nginx completes a response that has begun, and closes idle connections.
  void stop_gracefully() {
    HttpConnection idle(nginx_->port());
    ASSERT_TRUE(idle.get("/" + files_->all().front().name));
    HttpConnection busy(nginx_->port());
    busy.begin("/" + files_->largest().name);
    program_->signal(SIGQUIT);
    idle.await_close();
    const auto response = busy.finish();
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body == files_->largest().content);
  }

  std::atomic<bool> ended_ = false;
  std::atomic<int> oldest_ = 1;
  std::atomic<int> newest_ = 1;
  std::atomic<std::uint64_t> responses_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> reopened_ = 0;
};
XPOLL_WITH_PRELOAD(NginxReloadTest);

TEST_P(NginxReloadTest, FailsNoRequestWhenWorkersAreReplacedUnderLoad) {
  std::vector<std::function<void()>> bodies{[&] { reload_while_asked(); }};
  for (int i = 0; i < kClients; ++i) bodies.emplace_back([this, i] { ask(i); });
  const std::vector<std::string> failures = concurrently(bodies);
  EXPECT_THAT(failures, IsEmpty());
  expect_an_instance_in_each_worker();
  stop_gracefully();
  expect_ended(kGenerations);
  record(version() + ", reloaded",
         fmt::format("{} responses, {} bytes compared, {} reloads, {} connections reopened",
                     responses_.load(), bytes_.load(), kGenerations - 1, reopened_.load()),
         failures.size(), *program_);
}

}  // namespace
}  // namespace xpoll::test
