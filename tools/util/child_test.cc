// SPDX-License-Identifier: GPL-2.0-only
#include "child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "checked.h"
#include "output_file.h"
#include "process.h"
#include "wait_until.h"

namespace xpoll {
namespace {

using namespace std::chrono_literals;

/** Turns a hang into a failure. */
constexpr auto kLong = 60s;

ChildSetup held() {
  ChildSetup setup;
  setup.held = true;
  return setup;
}

TEST(Child, EndsWithItsObject) {
  int pidfd = -1;
  {
    const Child child{{"sleep", "1000"}, {}};
    pidfd = ::dup(child.pidfd());
  }
  ASSERT_GE(pidfd, 0);
  EXPECT_EQ(::syscall(SYS_pidfd_send_signal, pidfd, 0, nullptr, 0), -1);
  EXPECT_EQ(errno, ESRCH);
  ::close(pidfd);
}

TEST(Child, IsToldApartFromOneThatASignalKilled) {
  Child exits{{"sh", "-c", "exit 137"}, {}};
  Child dies{{"sh", "-c", "kill -KILL $$"}, {}};
  EXPECT_TRUE(WIFEXITED(exits.wait_status()));
  EXPECT_TRUE(WIFSIGNALED(dies.wait_status()));
  EXPECT_EQ(exits.wait(), dies.wait());
}

TEST(Child, ThatIsHeldBeginsWhenItIsReleased) {
  const OutputFile output;
  ChildSetup setup = held();
  setup.out = output.fd();
  Child child{{"echo", "here"}, setup};
  EXPECT_FALSE(child.ended_within(10ms));
  EXPECT_EQ(output.text(), "");
  child.release();
  EXPECT_TRUE(child.ended_within(kLong));
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(output.text(), "here\n");
}

TEST(Child, ThatIsHeldTellsThatThereIsNoSuchProgram) {
  const OutputFile errors;
  ChildSetup setup = held();
  setup.err = errors.fd();
  Child child{{"no-such-program"}, setup};
  try {
    child.release();
    FAIL() << "no exception";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ENOENT);
    EXPECT_STREQ(error.what(), "no-such-program: No such file or directory");
  }
  EXPECT_EQ(child.wait(), 127);
  EXPECT_EQ(errors.text(), "");
}

TEST(Child, ThatIsNotHeldTellsItOnItsStandardError) {
  const Outcome outcome = run({"no-such-program"});
  EXPECT_EQ(outcome.status, 127);
  EXPECT_EQ(outcome.err, "no-such-program: exec: No such file or directory\n");
}

TEST(Child, TellsWhatItCouldNotDoBeforeExec) {
  ChildSetup setup;
  setup.cwd = "/no/such/directory";
  EXPECT_EQ(run({"true"}, setup).err, "true: /no/such/directory: No such file or directory\n");
  setup = {};
  setup.before_exec = [] { throw std::runtime_error("the reason"); };
  EXPECT_EQ(run({"true"}, setup).err, "true: the reason\n");
}

TEST(Child, HasOurEnvironmentWithWhatIsAdded) {
  ::setenv("CHILD_TEST_KEPT", "ours", 1);
  ::setenv("CHILD_TEST_REPLACED", "ours", 1);
  ChildSetup setup;
  setup.environment = {"CHILD_TEST_REPLACED=first", "CHILD_TEST_REPLACED=last"};
  setup.before_exec = [] { ::setenv("CHILD_TEST_LATER", "late", 1); };
  EXPECT_EQ(capture({"sh", "-c", "env | grep ^CHILD_TEST | sort"}, setup),
            "CHILD_TEST_KEPT=ours\nCHILD_TEST_LATER=late\nCHILD_TEST_REPLACED=last\n");
}

TEST(Child, IsFoundInThePathThatItIsGiven) {
  ChildSetup setup;
  setup.environment = {"PATH=/no/such/directory"};
  EXPECT_EQ(run({"true"}, setup).status, 127);
}

TEST(Child, HasATerminalOfItsOwn) {
  int master = -1;
  int slave = -1;
  checked(::openpty(&master, &slave, nullptr, nullptr, nullptr), "openpty");
  const unique_fd ours{master};
  const unique_fd theirs{slave};
  ChildSetup setup;
  setup.terminal = theirs.get();
  // Only a controlling terminal can be opened as /dev/tty.
  Child child{{"sh", "-c", "test -t 0 && test -t 1 && test -t 2 && : </dev/tty"}, setup};
  EXPECT_EQ(child.wait(), 0);
}

TEST(Child, KeepsAStreamThatHasItsNumberAlready) {
  const unique_fd saved{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)};
  const unique_fd null = checked_fd(::open("/dev/null", O_RDONLY), "/dev/null");
  checked(::dup3(null.get(), STDIN_FILENO, O_CLOEXEC), "dup3");
  ChildSetup setup;
  setup.in = STDIN_FILENO;
  const int status = run({"sh", "-c", "test -e /proc/self/fd/0 && cat"}, setup).status;
  if (saved.valid())
    checked(::dup2(saved.get(), STDIN_FILENO), "dup2");
  else
    ::close(STDIN_FILENO);
  EXPECT_EQ(status, 0);
}

TEST(Child, GetsTheSignalOfItsChoiceWhenItsParentDies) {
  const OutputFile output;
  ChildSetup inner;
  inner.out = output.fd();
  inner.death_signal = SIGTERM;
  ChildSetup outer;
  outer.before_exec = [&] {
    Child child{
        {"sh", "-c", "trap 'echo asked; exit' TERM; echo ready; while :; do sleep 0.01; done"},
        inner};
    wait_until("the trap of SIGTERM", [&] { return !output.text().empty(); });
    ::_exit(0);
  };
  Child child{{"true"}, outer};
  EXPECT_EQ(child.wait(), 0);
  wait_until("SIGTERM", [&] { return output.text() == "ready\nasked\n"; });
}

}  // namespace
}  // namespace xpoll
