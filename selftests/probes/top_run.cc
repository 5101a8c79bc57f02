// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top_run.h"

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "util/descriptors.h"
#include "util/wait_until.h"

namespace xpoll_test {
namespace {

std::string besideThisProgram(const char* name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

pid_t spawn(const std::vector<std::string>& command, const Fd& out, const Fd& err) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), command.front());
  return pid;
}

// Appends what there is to read; false at the end. Throws if nothing comes.
bool readSome(const Fd& from, std::string& to) {
  pollfd polled{from.get(), POLLIN, 0};
  const auto patience = std::chrono::milliseconds(kDeadline).count();
  if (checked(poll(&polled, 1, static_cast<int>(patience)), "poll") == 0)
    throw std::runtime_error("xpoll-top says nothing");
  std::array<char, 4096> buffer{};
  const auto size =
      checked(static_cast<int>(read(from.get(), buffer.data(), buffer.size())), "read");
  to.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

Json lineOfType(const std::string& lines, const std::string& type) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    Json json = Json::parse(line);
    if (json.at("type") == type) return json;
  }
  throw std::runtime_error("no " + type + " in: " + lines);
}

}  // namespace

Json TopResult::interval() const { return lineOfType(out, "interval"); }

Json TopResult::total() const { return lineOfType(out, "total"); }

TopRun::TopRun(const std::vector<std::string>& arguments, const std::vector<std::string>& before) {
  std::vector<std::string> command = before;
  command.push_back(besideThisProgram("xpoll-top"));
  command.insert(command.end(), arguments.begin(), arguments.end());
  Pipe out = makePipe(O_CLOEXEC);
  Pipe err = makePipe(O_CLOEXEC);
  pid_ = spawn(command, out.writer, err.writer);
  out_ = std::move(out.reader);
  err_ = std::move(err.reader);
}

TopRun::~TopRun() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void TopRun::waitUntilWatching() {
  // It says what it watches by once it does.
  while (err_so_far_.find("xpoll-top: native epoll by ") == std::string::npos &&
         err_so_far_.find("xpoll-top: xpoll by ") == std::string::npos) {
    if (!readSome(err_, err_so_far_)) throw std::runtime_error("xpoll-top ended: " + err_so_far_);
  }
}

TopResult TopRun::interrupt() {
  checked(kill(pid_, SIGINT), "kill");
  return join();
}

TopResult TopRun::join() {
  TopResult result;
  while (readSome(out_, result.out)) {
  }
  while (readSome(err_, err_so_far_)) {
  }
  result.err = err_so_far_;
  int status = 0;
  checked(waitpid(std::exchange(pid_, -1), &status, 0), "waitpid");
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

Json rowOf(const Json& interval, int epfd) {
  for (const Json& row : interval.at("instances"))
    if (row.at("pid") == getpid() && row.at("fd") == epfd) return row;
  return nullptr;
}

TopOfInstance::TopOfInstance(int epfd)
    : epfd_(epfd), run_({"--json", "--interval", "3600", "--pid", std::to_string(getpid())}) {
  run_.waitUntilWatching();
}

Json TopOfInstance::end() {
  const TopResult result = run_.interrupt();
  if (result.exit_status != 0) throw std::runtime_error("xpoll-top failed: " + result.err);
  Json row = rowOf(result.interval(), epfd_);
  if (row.is_null()) throw std::runtime_error("not shown: " + result.out);
  return row;
}

}  // namespace xpoll_test
