// SPDX-License-Identifier: GPL-2.0-only
#include "probes/program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

std::string beside_this_program(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename(name);
}

unique_fd memory_file() {
  unique_fd file(checked(memfd_create("written", MFD_CLOEXEC), "memfd_create"));
  // Several may write, the program and what it starts.
  checked(fcntl(file.get(), F_SETFL, O_APPEND), "O_APPEND");
  return file;
}

std::string text_of(const unique_fd& file) {
  struct stat status {};
  checked(fstat(file.get(), &status), "fstat");
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  text.resize(static_cast<std::size_t>(
      checked(static_cast<int>(pread(file.get(), text.data(), text.size(), 0)), "pread")));
  return text;
}

[[noreturn]] void become(const std::string& path, const std::vector<std::string>& arguments,
                         const std::function<void()>& prepare) {
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  if (prepare) prepare();
  execv(words.front(), words.data());
  _exit(127);
}

int shell_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace

Program::Program(const std::string& name, const std::vector<std::string>& arguments,
                 const std::function<void()>& prepare)
    : out_(memory_file()), err_(memory_file()) {
  const std::string path = beside_this_program(name);
  pid_ = checked(fork(), "fork");
  if (pid_ == 0) {
    dup2(out_.get(), STDOUT_FILENO);
    dup2(err_.get(), STDERR_FILENO);
    become(path, arguments, prepare);
  }
}

Program::~Program() {
  if (reaped_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string Program::wait_for_error(const std::string& text) { return wait_for(text, err_); }
std::string Program::wait_for_output(const std::string& text) { return wait_for(text, out_); }

std::string Program::output() const { return text_of(out_); }

void Program::signal(int number) const { checked(kill(pid_, number), "kill"); }

void Program::stop() const {
  signal(SIGSTOP);
  wait_until("the stop of a program", [this] {
    siginfo_t info{};
    checked(waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOWAIT | WNOHANG), "waitid");
    return info.si_pid == pid_;
  });
}

ProgramResult Program::join() {
  wait_until("the end of a program", [this] { return ended(); });
  return {shell_status(wait_status_), text_of(out_), text_of(err_)};
}

std::string Program::wait_for(const std::string& text, const unique_fd& written) {
  wait_for("'" + text + "'", [&] { return text_of(written).find(text) != std::string::npos; });
  return text_of(written);
}

void Program::wait_for(const std::string& what, const std::function<bool()>& condition) {
  wait_until(what, [&] {
    const bool last = ended();
    if (condition()) return true;
    if (last) throw std::runtime_error("ended without " + what + ": " + text_of(err_));
    return false;
  });
}

bool Program::ended() {
  if (!reaped_) reaped_ = checked(waitpid(pid_, &wait_status_, WNOHANG), "waitpid") == pid_;
  return reaped_;
}

}  // namespace xpoll::test
