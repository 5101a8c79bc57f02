// SPDX-License-Identifier: GPL-2.0-only
#include "plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <xpoll/unique_fd.hpp>

#include "probes/util/unavailable.h"
#include "tools/util/checked.h"

namespace probes::compare {
namespace {

using xpoll::checked;

/// Path of a program that is built beside this one, or installed in lib/xpoll.
std::string beside(const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path installed = here.parent_path() / "lib" / "xpoll";
  for (const fs::path& place : {here, installed})
    if (fs::exists(place / name)) return place / name;
  throw Unavailable(
      fmt::format("{} is neither in {} nor in {}", name, here.native(), installed.native()));
}

Words concatenated(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A port that is free at this moment.
std::uint16_t free_port() {
  const xpoll::unique_fd socket(
      checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  checked(bind(socket.get(), generic, length), "bind");
  checked(getsockname(socket.get(), generic, &length), "getsockname");
  return ntohs(address.sin_port);
}

Side echo_side(const char* name, const EchoLoad& load) {
  const std::string port = std::to_string(free_port());
  const std::string connections = std::to_string(load.connections);
  const std::string size = std::to_string(load.size);
  return {.name = name,
          .command = {beside("xpoll-echo"), "--backend", name, "--port", port, "--size", size,
                      "--expect-connections", connections},
          .load = {beside("xpoll-echo-client"), "--connect", "127.0.0.1:" + port, "--connections",
                   connections, "--messages", std::to_string(load.messages), "--size", size}};
}

std::string counted(std::uint32_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

Plan plan_command(const Words& command, const std::optional<std::string>& load) {
  const Words load_words = load ? Words{"/bin/sh", "-c", *load} : Words{};
  return {.what = fmt::format("{}{}", fmt::join(command, " "),
                              load ? fmt::format(", under the load of: {}", *load) : ""),
          .native = {.name = "native", .command = command, .load = load_words},
          .xpoll = {.name = "xpoll",
                    // By epoll's own system calls the two could not be told apart.
                    .command = concatenated({beside("xpoll-run"), "--preload", "--"}, command),
                    .launcher_execs = 1,
                    .load = load_words}};
}

Plan plan_echo(const EchoLoad& load) {
  return {.what = fmt::format("the echo server, {} with {} of {} each",
                              counted(load.connections, "connection"),
                              counted(load.messages, "message"), counted(load.size, "byte")),
          .native = echo_side("native", load),
          .xpoll = echo_side("xpoll", load),
          .bundled = true};
}

}  // namespace probes::compare
