// SPDX-License-Identifier: GPL-2.0-only
#include "probes/program.h"

#include <sys/wait.h>

#include <csignal>
#include <stdexcept>

#include "probes/beside.h"
#include "tools/util/checked.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

ChildSetup setup_with(const OutputFile& out, const OutputFile& err,
                      const std::function<void()>& prepare) {
  ChildSetup setup;
  setup.out = out.fd();
  setup.err = err.fd();
  setup.before_exec = prepare;
  return setup;
}

}  // namespace

Program::Program(const std::string& name, const std::vector<std::string>& arguments,
                 const std::function<void()>& prepare)
    : child_(beside_this_program(name, arguments), setup_with(out_, err_, prepare)) {}

std::string Program::wait_for_error(const std::string& text) { return wait_for(text, err_); }
std::string Program::wait_for_output(const std::string& text) { return wait_for(text, out_); }

void Program::signal(int number) const { checked(kill(pid(), number), "kill"); }

void Program::stop() const {
  signal(SIGSTOP);
  wait_until("the stop of a program", [this] {
    siginfo_t info{};
    checked(waitid(P_PID, static_cast<id_t>(pid()), &info, WSTOPPED | WNOWAIT | WNOHANG), "waitid");
    return info.si_pid == pid();
  });
}

ProgramResult Program::join() {
  wait_until("the end of a program", [this] { return ended(); });
  return {child_.wait(), out_.text(), err_.text()};
}

std::string Program::wait_for(const std::string& text, const OutputFile& written) {
  wait_for("'" + text + "'", [&] { return written.text().find(text) != std::string::npos; });
  return written.text();
}

void Program::wait_for(const std::string& what, const std::function<bool()>& condition) {
  wait_until(what, [&] {
    const bool last = ended();
    if (condition()) return true;
    if (last) throw std::runtime_error("ended without " + what + ": " + err_.text());
    return false;
  });
}

}  // namespace xpoll::test
