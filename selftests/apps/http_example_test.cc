// SPDX-License-Identifier: GPL-2.0-only
// The examples of HTTP servers on a ready ring.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <functional>
#include <list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/app_test.h"
#include "apps/concurrently.h"
#include "apps/held_instances.h"
#include "apps/http_connection.h"
#include "apps/http_files.h"
#include "apps/http_traffic.h"
#include "apps/nginx_wrk.h"
#include "apps/random_bytes.h"
#include "apps/settings.h"
#include "apps/tcp_port.h"
#include "util/descriptor_limit.h"

namespace xpoll::test {
namespace {

using testing::IsEmpty;

// They use xpoll by themselves, and the clients do not.
constexpr Platform kCallbacks{Backend::native(), "", "callbacks"};
constexpr Platform kCoroutines{Backend::native(), "", "coroutines"};

constexpr std::string_view kHost = "Host: localhost\r\n";

std::string request(std::string_view method, std::string_view path, std::string_view fields) {
  return fmt::format("{} {} HTTP/1.1\r\n{}\r\n", method, path, fields);
}

// New TCP sockets have a send buffer of at most 64 KiB while it lives, so that a large file has to
// be sent in many pieces. Otherwise, over loopback, the buffer grows to megabytes at once.
class SmallSendBuffers {
 public:
  SmallSendBuffers() {
    std::ifstream in(kPath);
    std::getline(in, before_);
    set("4096 16384 65536");
  }
  SmallSendBuffers(const SmallSendBuffers&) = delete;
  SmallSendBuffers& operator=(const SmallSendBuffers&) = delete;
  ~SmallSendBuffers() { set(before_); }

 private:
  static constexpr const char* kPath = "/proc/sys/net/ipv4/tcp_wmem";

  static void set(const std::string& sizes) {
    std::ofstream out(kPath);
    out << sizes << std::flush;
    EXPECT_TRUE(out) << kPath;
  }

  std::string before_;
};

class HttpExampleTest : public AppTest {
 protected:
  void SetUp() override {
    AppTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    files_.emplace(directory() / "files");
  }

  Command server(int connections) const {
    const std::string name =
        GetParam().name == kCallbacks.name ? "xpoll-http" : "xpoll-http-coroutines";
    return {.program = app_settings().xpoll_run.parent_path() / name,
            .arguments = {"--files", files_->directory(), "--port", std::to_string(port_),
                          "--connections", std::to_string(connections)}};
  }
  void serve(const Command& command) {
    program_ = &start(command);
    wait_until_listening(*program_, port_);
  }
  void serve() { serve(server(100)); }

  // Ends the server and returns the figures that it prints.
  nlohmann::json stop() {
    EXPECT_EQ(program_->stop(), 0) << program_->output();
    const std::string output = program_->output();
    return nlohmann::json::parse(output.substr(output.find('{')));
  }

  const HttpFiles::File& file(std::size_t number) const {
    return files_->all()[number % files_->all().size()];
  }
  std::string get(std::size_t number) const {
    return request("GET", "/" + file(number).name, kHost);
  }

  static void expect_is(const std::optional<HttpResponse>& response, const HttpFiles::File& file) {
    ASSERT_TRUE(response) << file.name << ": closed without a response";
    EXPECT_EQ(response->status, 200U) << file.name;
    EXPECT_EQ(response->headers.at("Content-Location"), "/" + file.name);
    EXPECT_TRUE(response->body == file.content)
        << file.name << ": " << response->body.size() << " bytes";
  }

  // Expects that the server answers with this status and closes the connection.
  void expect_ends_with(unsigned status, std::string_view bytes) {
    HttpConnection connection(port_);
    connection.send_all(bytes);
    const std::optional<HttpResponse> response = connection.finish(!bytes.starts_with("HEAD"));
    ASSERT_TRUE(response) << bytes.substr(0, 100);
    EXPECT_EQ(response->status, status) << bytes.substr(0, 100);
    EXPECT_EQ(response->headers.at("Connection"), "close");
    connection.await_close();
  }

  const SmallSendBuffers small_buffers_;
  const std::uint16_t port_ = free_tcp_port();
  std::optional<HttpFiles> files_;
  Program* program_ = nullptr;
};
XPOLL_ON_PLATFORMS(HttpExampleTest, kCallbacks, kCoroutines);

TEST_P(HttpExampleTest, SendsWrkNothingButWhatIsInTheFiles) {
  serve();
  const NginxWrk wrk(*files_, directory(), port_);
  std::uint64_t responses = 0;
  std::uint64_t bytes = 0;
  std::uint64_t errors = 0;
  for (const std::string header : {"", "Connection: close"}) {
    run(wrk.command(header));
    const NginxWrk::Report report = wrk.report();
    EXPECT_EQ(report.bad, 0U) << report.text;
    EXPECT_EQ(report.errors, 0U) << report.text;
    EXPECT_GE(report.responses, files_->all().size()) << report.text;
    responses += report.responses;
    bytes += report.bytes;
    errors += report.bad + report.errors;
  }
  const nlohmann::json figures = stop();
  EXPECT_GE(figures.at("requests"), responses);
  record(fmt::format("example: HTTP server, {} + wrk", GetParam().name),
         fmt::format("{} responses, {} bytes compared", responses, bytes), errors, *program_);
}

TEST_P(HttpExampleTest, GoesOnWhereASlowClientLeftRoom) {
  serve();
  HttpTraffic traffic(*files_, port_);
  EXPECT_THAT(traffic.run(4, 40), IsEmpty());
  EXPECT_EQ(traffic.responses(), 160U);
  EXPECT_EQ(stop().at("requests"), 160);
}

TEST_P(HttpExampleTest, KeepsAConnectionForManyRequests) {
  serve();
  HttpConnection connection(port_);
  for (std::size_t i = 0; i < 200; ++i) {
    const std::optional<HttpResponse> response = connection.get("/" + file(i % 7).name);
    ASSERT_NO_FATAL_FAILURE(expect_is(response, file(i % 7)));
    EXPECT_TRUE(response->keeps_alive);
  }
  const nlohmann::json figures = stop();
  EXPECT_EQ(figures.at("requests"), 200);
  EXPECT_EQ(figures.at("connections"), 2);  // one was to see whether it listens
}

// The client sends pieces of any length and never waits for a response, and far more is to be sent
// than the server keeps.
TEST_P(HttpExampleTest, AnswersPipelinedRequestsInTheirOrder) {
  constexpr std::size_t kRequests = 300;
  serve();
  HttpConnection connection(port_);
  const auto send = [&] {
    Random random(1);
    std::string requests;
    for (std::size_t i = 0; i < kRequests; ++i) requests += get(i);
    for (std::string_view rest = requests; !rest.empty();) {
      const std::size_t length = std::min<std::size_t>(1 + below(random, 700), rest.size());
      connection.send_all(rest.substr(0, length));
      rest.remove_prefix(length);
    }
  };
  const auto receive = [&] {
    for (std::size_t i = 0; i < kRequests; ++i) {
      const std::optional<HttpResponse> response = connection.finish();
      ASSERT_NO_FATAL_FAILURE(expect_is(response, file(i)));
    }
  };
  EXPECT_THAT(concurrently({send, receive}), IsEmpty());
  EXPECT_EQ(stop().at("requests"), kRequests);
}

TEST_P(HttpExampleTest, AnswersAClientThatHasClosedItsSide) {
  serve();
  for (int i = 0; i < 20; ++i) {
    HttpConnection connection(port_);
    connection.send_all(get(9) + get(1) + get(8) + get(0));
    connection.end_requests();
    for (const std::size_t number : {9, 1, 8, 0}) {
      const std::optional<HttpResponse> response = connection.finish();
      ASSERT_NO_FATAL_FAILURE(expect_is(response, file(number)));
      EXPECT_TRUE(response->keeps_alive);
    }
    connection.await_close();
  }
  const nlohmann::json figures = stop();
  EXPECT_EQ(figures.at("lost"), 0);
  EXPECT_EQ(figures.at("closed"), 21);
}

TEST_P(HttpExampleTest, ClosesAConnectionThatEndsInTheMiddleOfARequest) {
  serve();
  for (const std::string_view part : {"", "GET", "GET / HTTP/1.1\r\nHost: local"}) {
    HttpConnection connection(port_);
    connection.send_all(part);
    connection.end_requests();
    connection.await_close();
  }
  EXPECT_EQ(stop().at("closed"), 4);
}

TEST_P(HttpExampleTest, AnswersManyConnectionsThatAreOpenAtOnce) {
  constexpr std::size_t kConnections = 1000;
  const DescriptorLimit limit(kConnections + 100);
  serve(server(kConnections + 1));
  std::list<HttpConnection> connections;
  for (std::size_t i = 0; i < kConnections; ++i) connections.emplace_back(port_);
  for (int round = 0; round < 2; ++round) {
    std::size_t i = 0;
    for (HttpConnection& each : connections) each.send_all(get(i++ % 6));
    i = 0;
    for (HttpConnection& each : connections) {
      const std::optional<HttpResponse> response = each.finish();
      ASSERT_NO_FATAL_FAILURE(expect_is(response, file(i++ % 6)));
    }
  }
  EXPECT_EQ(held_instances(program_->pid(), Backend::xpoll()), 1);
  EXPECT_EQ(held_instances(program_->pid(), Backend::native()), 0);
  const nlohmann::json figures = stop();
  EXPECT_EQ(figures.at("requests"), 2 * kConnections);
  EXPECT_EQ(figures.at("most_open"), kConnections);
  // The events came by the ring, many for each system call.
  EXPECT_GE(figures.at("events"), 2 * kConnections);
  EXPECT_LT(figures.at("enters"), figures.at("requests"));
}

class HttpExampleLimitTest : public HttpExampleTest {
 protected:
  // More clients than the server can have at one time: each is answered in the end.
  void expect_answers_all(std::size_t clients, std::size_t at_once) {
    std::list<HttpConnection> waiting;
    for (std::size_t i = 0; i < clients; ++i) {
      waiting.emplace_back(port_);
      waiting.back().send_all(get(i));
    }
    for (std::size_t i = 0; i < clients; ++i) {
      const std::optional<HttpResponse> response = waiting.front().finish();
      ASSERT_NO_FATAL_FAILURE(expect_is(response, file(i)));
      waiting.pop_front();
    }
    const nlohmann::json figures = stop();
    EXPECT_EQ(figures.at("requests"), clients);
    EXPECT_EQ(figures.at("most_open"), at_once);
  }
};
XPOLL_ON_PLATFORMS(HttpExampleLimitTest, kCallbacks, kCoroutines);

TEST_P(HttpExampleLimitTest, LetsClientsWaitWhileItHasTheMostThatItTakes) {
  serve(server(8));
  expect_answers_all(40, 8);
}

TEST_P(HttpExampleLimitTest, LetsClientsWaitWhileItHasNoDescriptorLeft) {
  constexpr std::size_t kDescriptors = 16;
  constexpr std::size_t kOwn = 6;  // standard streams, the ring, the signals, the listening socket
  const Command limited = server(100);
  std::vector<std::string> arguments{fmt::format("--nofile={0}:{0}", kDescriptors),
                                     limited.program};
  arguments.insert(arguments.end(), limited.arguments.begin(), limited.arguments.end());
  serve({.program = "prlimit", .arguments = arguments});
  expect_answers_all(40, kDescriptors - kOwn);
}

TEST_P(HttpExampleTest, RefusesWhatItDoesNotServe) {
  serve();
  expect_ends_with(400, "nonsense\r\n\r\n");
  expect_ends_with(400, request("GET", "/1-bytes", ""));
  expect_ends_with(400, request("GET", "/1-bytes", fmt::format("{}Content-Length: x\r\n", kHost)));
  expect_ends_with(405, request("POST", "/1-bytes",
                                fmt::format("{}Content-Length: 1000000\r\n"
                                            "Expect: 100-continue\r\n",
                                            kHost)));
  expect_ends_with(405, request("CONNECT", "localhost:1", kHost));
  expect_ends_with(431, request("GET", "/" + std::string(100'000, 'x'), kHost));
  expect_ends_with(200, request("GET", "/1-bytes", fmt::format("{}Connection: close\r\n", kHost)));
  expect_ends_with(200, "GET /1-bytes HTTP/1.0\r\n\r\n");
  expect_ends_with(200, "HEAD /1-bytes HTTP/1.0\r\n\r\n");
  stop();
}

TEST_P(HttpExampleTest, GoesOnAfterARequestThatItCanAnswer) {
  serve();
  HttpConnection connection(port_);
  connection.send_all(request("GET", "/none", kHost));
  EXPECT_EQ(connection.finish()->status, 404U);
  connection.send_all(request("GET", "/../files/1-bytes", kHost));
  EXPECT_EQ(connection.finish()->status, 404U);
  connection.send_all(request("HEAD", "/" + file(8).name, kHost));
  const std::optional<HttpResponse> head = connection.finish(false);
  EXPECT_EQ(head->status, 200U);
  EXPECT_EQ(head->headers.at("Content-Length"), std::to_string(file(8).content.size()));
  connection.send_all(request("GET", "/" + file(3).name + "?a=b",
                              fmt::format("{}Connection: Upgrade, HTTP2-Settings\r\n"
                                          "Upgrade: h2c\r\nHTTP2-Settings: x\r\n",
                                          kHost)) +
                      get(2));
  expect_is(connection.finish(), file(3));
  expect_is(connection.finish(), file(2));
  stop();
}

// A close with input unread would reset the connection, and the client could lose the response.
TEST_P(HttpExampleTest, SendsTheLastResponseToAClientThatGoesOnSending) {
  serve();
  for (int i = 0; i < 20; ++i) {
    HttpConnection connection(port_);
    connection.send_all(
        request("GET", "/" + file(9).name, fmt::format("{}Connection: close\r\n", kHost)) +
        std::string(100'000, 'x'));
    const std::optional<HttpResponse> response = connection.finish();
    ASSERT_NO_FATAL_FAILURE(expect_is(response, file(9)));
    connection.await_close();
  }
  stop();
}

// A reset while responses are under way is a loss of that connection alone.
TEST_P(HttpExampleTest, SurvivesClientsThatAreGoneBeforeTheirResponse) {
  serve();
  for (int i = 0; i < 50; ++i) {
    HttpConnection connection(port_);
    connection.send_all(get(9) + get(9));
    if (i % 2) connection.begin("/" + file(9).name);
  }
  HttpConnection connection(port_);
  expect_is(connection.get("/" + file(9).name), file(9));
  EXPECT_GT(stop().at("lost"), 0);
}

}  // namespace
}  // namespace xpoll::test
