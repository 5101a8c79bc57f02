// SPDX-License-Identifier: GPL-2.0-only
#include "apps/nginx_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "apps/tcp_port.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

// nginx's time limits exceed the tests', since a timer that ends a wait would also deliver an event
// whose wake-up was lost. Keep-alive ends after some requests, so that connections come and go.
constexpr std::string_view kConfiguration = R"(
daemon off;
master_process on;
worker_processes {workers};
user root;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;

events {{
  use epoll;
  worker_connections 256;
}}

http {{
  access_log off;
  client_body_temp_path {directory}/temporary;
  proxy_temp_path {directory}/temporary;
  fastcgi_temp_path {directory}/temporary;
  uwsgi_temp_path {directory}/temporary;
  scgi_temp_path {directory}/temporary;
  sendfile on;
  keepalive_timeout 1h;
  keepalive_requests 100;
  client_header_timeout 1h;
  send_timeout 1h;

  server {{
    listen 127.0.0.1:{port} sndbuf=256k;
    root {files};
    add_header X-File $uri;
    add_header X-Worker $pid;
    add_header X-Generation {generation};
  }}
}}
)";

bool are_disjoint(const std::set<pid_t>& one, const std::set<pid_t>& other) {
  return std::ranges::none_of(one, [&](pid_t pid) { return other.contains(pid); });
}

}  // namespace

NginxServer::NginxServer(const HttpFiles& files, std::filesystem::path directory,
                         std::uint16_t port)
    : files_(files), directory_(std::move(directory)), port_(port) {
  configure(1);
}

void NginxServer::configure(int generation) const {
  std::ofstream out(directory_ / "nginx.conf");
  out.exceptions(std::ios::badbit | std::ios::failbit);
  out << fmt::format(kConfiguration, fmt::arg("workers", kWorkers),
                     fmt::arg("directory", directory_.string()), fmt::arg("port", port_),
                     fmt::arg("files", files_.directory().string()),
                     fmt::arg("generation", generation));
}

Command NginxServer::command() const {
  return {.program = "nginx",
          .arguments = {"-p", directory_, "-c", directory_ / "nginx.conf", "-e",
                        directory_ / "error.log"}};
}

void NginxServer::await_start(Program& program) {
  program_ = &program;
  wait_until_listening(program, port_);
  wait_until("nginx's workers", [&] { return workers().size() == kWorkers; });
}

std::set<pid_t> NginxServer::workers() const {
  const pid_t master = program_->pid();
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", master));
  return {std::istream_iterator<pid_t>(children), std::istream_iterator<pid_t>()};
}

void NginxServer::reload(int generation) {
  const std::set<pid_t> old = workers();
  configure(generation);
  program_->signal(SIGHUP);
  wait_until(fmt::format("the end of the workers before generation {}", generation), [&] {
    const std::set<pid_t> now = workers();
    return now.size() == kWorkers && are_disjoint(now, old);
  });
}

std::string NginxServer::complaints() const {
  std::ifstream in(directory_ / "error.log");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace xpoll::test
