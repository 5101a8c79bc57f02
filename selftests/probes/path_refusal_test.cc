// SPDX-License-Identifier: GPL-2.0-only
// xpoll-path's messages when it can't do what it is asked to do.
#include <gmock/gmock.h>

#include "probes/echo_run.h"
#include "probes/path_run.h"
#include "probes/without_kernel_types.h"
#include "probes/without_module.h"
#include "util/process.h"

namespace xpoll::test {
namespace {

using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kUnavailable = 3;

ProgramResult run_path(const std::vector<std::string>& options,
                       const std::function<void()>& prepare = {}) {
  return Program("xpoll-path", options, prepare).join();
}

TEST(PathWithoutModuleTest, NativeEpollAloneIsLookedAt) {
  const WithoutModule without;
  EchoRun echo(Backend::native(), 1);
  PathRun path({"--port", std::to_string(echo.port())});
  const int messages = echo.exchange(100).at("messages");
  const PathResult result = path.interrupt();

  EXPECT_EQ(result.program.status, 0);
  EXPECT_THAT(result.program.err, HasSubstr("xpoll is not loaded, so this is native epoll alone"));
  EXPECT_EQ(result.of("native").at("events"), 2 * messages);
  EXPECT_FALSE(result.summary().at("implementations").contains("xpoll"));
}

TEST(PathWithoutModuleTest, XpollCannotBeLookedAt) {
  const WithoutModule without;
  const ProgramResult result = run_path({"--xpoll"});
  EXPECT_EQ(result.status, kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("xpoll is not loaded: modprobe xpoll"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(PathRefusalTest, NoPermission) {
  const ProgramResult result = run_path({}, [] { become_user(65534); });
  EXPECT_EQ(result.status, kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("no permission"));
  EXPECT_THAT(result.err, HasSubstr("missing CAP_BPF CAP_PERFMON"));
  EXPECT_THAT(result.err, HasSubstr("run as root"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(PathRefusalTest, NoTypesOfTheKernel) {
  const ProgramResult result = run_path({}, hide_kernel_types);
  EXPECT_EQ(result.status, kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("no BTF of this kernel"));
  EXPECT_THAT(result.err, HasSubstr("CONFIG_DEBUG_INFO_BTF=y"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(PathRefusalTest, WrongUse) {
  constexpr int kFirstOfCli11 = 100;
  for (const auto& [options, complaint] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--port", "none"}, "--port"},
           {{"--port", "70000"}, "--port"},
           {{"--count", "0"}, "--count"},
           {{"--duration", "-1"}, "--duration"},
           {{"--buffer", "5"}, "power of two"},
           {{"--nonsense"}, "--nonsense"},
           {{"8080"}, "8080"}}) {
    const ProgramResult result = run_path(options);
    EXPECT_THAT(result.status, Gt(kFirstOfCli11)) << options.front();
    EXPECT_THAT(result.err, HasSubstr(complaint));
  }
}

TEST(PathRefusalTest, HelpHasExamples) {
  const ProgramResult result = run_path({"--help"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("Examples:\n  xpoll-path"));
}

}  // namespace
}  // namespace xpoll::test
