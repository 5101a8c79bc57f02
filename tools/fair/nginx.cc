// SPDX-License-Identifier: GPL-2.0-only
#include "nginx.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string_view>

#include "tools/util/child.h"
#include "tools/util/output_file.h"
#include "tools/util/sockets.h"
#include "tools/util/temporary_directory.h"
#include "tools/util/wait_until.h"

namespace fair {
namespace {

namespace fs = std::filesystem;

/// The log has one line per request: the pid of the worker that answered it.
constexpr std::string_view configuration = R"(
daemon off;
worker_processes {workers};
user root;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;

events {{
  use epoll;
  worker_connections 512;
}}

http {{
  log_format worker $pid;
  access_log {directory}/access.log worker;
  client_body_temp_path {directory}/temporary;
  proxy_temp_path {directory}/temporary;
  fastcgi_temp_path {directory}/temporary;
  uwsgi_temp_path {directory}/temporary;
  scgi_temp_path {directory}/temporary;
  keepalive_timeout 0;

  server {{
    listen 127.0.0.1:{port} backlog=1024 {reuseport};
    location / {{
      return 200 "one worker's answer\n";
    }}
  }}
}}
)";

constexpr int port = 7080;

void configure(const fs::path& directory, const NginxPlan& plan, const NginxOptions& options) {
  std::ofstream out(directory / "nginx.conf");
  out.exceptions(std::ios::badbit | std::ios::failbit);
  out << fmt::format(configuration, fmt::arg("workers", options.workers),
                     fmt::arg("directory", directory.native()), fmt::arg("port", port),
                     fmt::arg("reuseport", plan.reuseport ? "reuseport" : ""));
}

xpoll::ChildSetup setup_of(const NginxOptions& options, const xpoll::OutputFile& output) {
  xpoll::ChildSetup setup;
  setup.environment = {
      fmt::format("LD_LIBRARY_PATH={}/usr/lib/x86_64-linux-gnu", options.packages.native())};
  setup.out = output.fd();
  setup.err = output.fd();
  setup.own_group = true;
  setup.held = true;
  return setup;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", parent));
  return {std::istream_iterator<pid_t>(children), std::istream_iterator<pid_t>()};
}

/// An nginx. The destructor kills its process group.
class Nginx final {
 public:
  Nginx(const fs::path& directory, const NginxPlan& plan, const NginxOptions& options)
      : child_(command(directory, plan, options), setup_of(options, output_)) {
    child_.release();
    xpoll::wait_until("nginx's workers", [&] {
      if (child_.ended_within(std::chrono::milliseconds(0)))
        throw std::runtime_error("nginx ended: " + output_.text());
      return std::ssize(children_of(child_.pid())) == options.workers;
    });
    workers_ = children_of(child_.pid());
  }

  [[nodiscard]] const std::vector<pid_t>& workers() const { return workers_; }

  /// Shuts nginx down. Its log is complete when this returns.
  void quit() {
    child_.kill(SIGQUIT);
    if (const int status = child_.wait(); status != 0)
      throw std::runtime_error(fmt::format("nginx: status {}: {}", status, output_.text()));
  }

 private:
  static xpoll::Argv command(const fs::path& directory, const NginxPlan& plan,
                             const NginxOptions& options) {
    xpoll::Argv argv = plan.under;
    for (const std::string& word :
         {(options.packages / "usr/sbin/nginx").native(), std::string("-p"), directory.native(),
          std::string("-c"), (directory / "nginx.conf").native(), std::string("-e"),
          (directory / "error.log").native()})
      argv.push_back(word);
    return argv;
  }

  xpoll::OutputFile output_;
  xpoll::Child child_;
  std::vector<pid_t> workers_;
};

void run_wrk(const NginxOptions& options) {
  const xpoll::OutputFile output;
  xpoll::Child wrk(
      {options.packages / "usr/bin/wrk", "--threads", "1", "--connections",
       std::to_string(options.clients), "--duration", fmt::format("{}s", options.seconds),
       "--header", "Connection: close", fmt::format("http://127.0.0.1:{}/", port)},
      setup_of(options, output));
  wrk.release();
  if (const int status = wrk.wait(); status != 0)
    throw std::runtime_error(fmt::format("wrk: status {}: {}", status, output.text()));
}

Shares shares_of(const fs::path& log, const std::vector<pid_t>& workers) {
  std::map<pid_t, std::uint64_t> requests;
  for (const pid_t worker : workers) requests[worker] = 0;
  std::ifstream lines(log);
  for (pid_t worker = 0; lines >> worker;) ++requests.at(worker);
  Shares shares;
  for (const auto& [worker, count] : requests) shares.push_back(count);
  return shares;
}

}  // namespace

std::vector<NginxPlan> nginx_plans(const fs::path& xpoll_run, const fs::path& program) {
  const auto under = [&](const std::string& policy) {
    return std::vector<std::string>{xpoll_run, "--wake", policy};
  };
  return {
      {"native, EXCLUSIVE", {}, false},
      {"native, SO_REUSEPORT", {}, true},
      {"round-robin, EXCLUSIVE", under("round-robin"), false},
      {"least-loaded, EXCLUSIVE", under("least-loaded"), false},
      {"BPF, EXCLUSIVE", under("bpf:" + program.native()), false},
  };
}

Outcome serve_nginx(const NginxPlan& plan, const NginxOptions& options) {
  const xpoll::TemporaryDirectory directory;
  configure(directory.path(), plan, options);
  Nginx nginx(directory.path(), plan, options);
  run_wrk(options);
  nginx.quit();
  return {.server = "nginx",
          .name = plan.name,
          .shares = shares_of(directory.path() / "access.log", nginx.workers()),
          .to_silent = {},
          .hang = {}};
}

}  // namespace fair
