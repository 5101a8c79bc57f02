// SPDX-License-Identifier: GPL-2.0-only
// Programs that can't run on xpoll with the preload library: xpoll-run states the reason, and runs
// them natively only with --fallback.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "command.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kRefused = 125;
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

class Refusal : public testing::Test {
 protected:
  static Result launch(const Words& options, const Words& program) {
    return run(concatenated(concatenated({built("xpoll-run"), "--preload"}, options), program));
  }

  static void expect_refused(const std::string& program, const std::string& reason) {
    const Result result = launch({}, {program, "identity"});
    EXPECT_EQ(result.status(), kRefused);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, HasSubstr(program));
    EXPECT_THAT(result.err, HasSubstr(reason));
  }

  // With --fallback it runs, and xpoll-run reports that it runs natively.
  static void expect_runs_on_fallback(const Words& program, const std::string& reason) {
    const Result result = launch({"--fallback"}, program);
    EXPECT_EQ(result.status(), 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr(reason));
    EXPECT_THAT(result.err, HasSubstr("native epoll"));
  }

  std::string path(const char* name) const { return directory_.path() / name; }

  std::string copy_of_victim(const char* name) const {
    fs::copy_file(built("preload-victim"), path(name));
    return path(name);
  }

  std::string script(const char* name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    fs::permissions(path(name), fs::perms::owner_all);
    return path(name);
  }

  const TemporaryDirectory directory_;
};

TEST_F(Refusal, OfAStaticProgram) {
  expect_refused(built("preload-victim-static"), "statically linked");
  expect_runs_on_fallback({built("preload-victim-static"), "once"}, "statically linked");
}

TEST_F(Refusal, OfA32BitProgram) {
#ifdef __aarch64__
  GTEST_SKIP() << "no toolchain for the 32-bit instructions of this processor";
#endif
  expect_refused(built("abi32"), "32-bit");
}

TEST_F(Refusal, OfAProgramForAnotherCLibrary) {
  const std::string copy = copy_of_victim("musl");
  std::ifstream file(copy, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
#ifdef __aarch64__
  const std::string glibc = "/lib/ld-linux-aarch64.so.1";
  const std::string musl = "/lib/ld-musl-aarch64.so.1";
#else
  const std::string glibc = "/lib64/ld-linux-x86-64.so.2";
  const std::string musl = "/lib64/ld-musl-x86_64.so.1";
#endif
  content.replace(content.find(glibc), glibc.size(), musl + '\0');
  std::ofstream(copy, std::ios::binary) << content;
  expect_refused(copy, "its loader is " + musl);
}

TEST_F(Refusal, OfAGoProgram) {
  expect_refused(built("preload-victim-go"), "Go program");
  expect_runs_on_fallback({built("preload-victim-go"), "once"}, "Go program");
}

TEST_F(Refusal, OfAProgramThatGainsPrivilege) {
  constexpr uid_t kSomebody = 1;
  const std::string user = copy_of_victim("set-user");
  ASSERT_EQ(chown(user.c_str(), kSomebody, 0), 0);
  ASSERT_EQ(chmod(user.c_str(), 04755), 0);
  expect_refused(user, "set-user-ID");
  const std::string group = copy_of_victim("set-group");
  ASSERT_EQ(chown(group.c_str(), 0, kSomebody), 0);
  ASSERT_EQ(chmod(group.c_str(), 02755), 0);
  expect_refused(group, "set-group-ID");
}

// As distributions ship sudo. Root could read it.
TEST_F(Refusal, OfAProgramThatGainsPrivilegeAndCannotBeRead) {
  constexpr uid_t kSomebody = 1;
  constexpr uid_t kNobody = 65534;
  fs::permissions(directory_.path(), fs::perms{0711});
  const std::string program = copy_of_victim("unreadable");
  ASSERT_EQ(chown(program.c_str(), kSomebody, kSomebody), 0);
  for (const auto& [mode, reason] : {std::pair{04711, "set-user-ID"}, {02711, "set-group-ID"}}) {
    ASSERT_EQ(chmod(program.c_str(), mode), 0);
    const Result result =
        run({built("xpoll-run"), program, "identity"}, [] { checked(setuid(kNobody), "setuid"); });
    EXPECT_EQ(result.status(), kRefused) << reason;
    EXPECT_THAT(result.err, HasSubstr(reason));
  }
}

TEST_F(Refusal, NotOfAProgramThatOnlyCouldGainPrivilege) {
  const std::string own = copy_of_victim("own");
  ASSERT_EQ(chmod(own.c_str(), 06755), 0);
  const Result result = launch({"--stats"}, {own, "counted", "2", "1", "1"});
  EXPECT_EQ(result.status(), 0);
  EXPECT_THAT(result.err, testing::ContainsRegex("instances made +2\n"));
}

TEST_F(Refusal, OfAScriptWhoseInterpreterIsStatic) {
  const std::string interpreter = built("preload-victim-static");
  const std::string direct = script("direct", "#! " + interpreter + " exits\n");
  const Result result = launch({}, {direct});
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.err, HasSubstr(interpreter + " is statically linked"));
  const std::string indirect = script("indirect", "#!" + direct + "\n");
  EXPECT_THAT(launch({}, {indirect}).err, HasSubstr(interpreter + " is statically linked"));
}

TEST_F(Refusal, NotOfAScriptWhoseInterpreterIsDynamic) {
  const std::string shell =
      script("shell", "#!/bin/sh\nexec " + built("preload-victim") + " counted 2 1 1\n");
  EXPECT_THAT(launch({"--stats"}, {shell}).err, testing::ContainsRegex("instances made +2\n"));
}

TEST_F(Refusal, OfWhatIsNotThere) {
  for (const char* name :
       {"no-such-program", "/no/such/program", "./no-such-program", "", "/dev/null/x"})
    EXPECT_EQ(launch({}, {"--", name}).status(), kNotFound) << name;
  EXPECT_THAT(launch({}, {"no-such-program"}).err, HasSubstr("no-such-program: No such file"));
}

TEST_F(Refusal, OfWhatCannotBeExecuted) {
  for (const char* name : {"/etc/passwd", "/etc"})
    EXPECT_EQ(launch({}, {name}).status(), kNotExecutable) << name;
}

TEST_F(Refusal, OfAnUnknownOption) {
  const Result result = launch({"--nonsense"}, {built("preload-victim"), "identity"});
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("--nonsense"));
}

TEST_F(Refusal, OfNoProgramAtAll) { EXPECT_EQ(launch({}, {}).status(), kRefused); }

TEST_F(Refusal, NotOfHelp) {
  const Result result = launch({"--help"}, {});
  EXPECT_EQ(result.status(), 0);
  EXPECT_THAT(result.out, HasSubstr("xpoll-run --stats nginx"));
}

TEST_F(Refusal, NotOfVersion) {
  const Result result = launch({"--version"}, {});
  EXPECT_EQ(result.status(), 0);
  EXPECT_THAT(result.out, testing::MatchesRegex("xpoll-run [0-9.]+ .ABI version 1.\n"));
}

TEST_F(Refusal, PathIsSearchedAsByTheShell) {
  const std::string tool = script("tool", "#!/bin/sh\nexit 3\n");
  Words words{built("xpoll-run"), "tool"};
  EXPECT_EQ(
      run(words, [&] { setenv("PATH", ("/nowhere:" + directory_.path().native()).c_str(), true); })
          .status(),
      3);
}

}  // namespace
}  // namespace xpoll::test
