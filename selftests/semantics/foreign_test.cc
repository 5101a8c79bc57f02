// SPDX-License-Identifier: GPL-2.0-only
// The library on descriptors that are not xpoll instances: whatever a driver returns for an unknown
// ioctl, the caller gets the native call's result.
#include <gmock/gmock.h>
#include <sys/eventfd.h>
#include <xpoll/xpoll.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/util/descriptors.h"
#include "util/descriptor_kinds.h"
#include "util/each_backend.h"
#include "util/kernel_version.h"

namespace xpoll::test {
namespace {

// An address outside this process.
template <typename T>
T* bad(std::uintptr_t address = 1) {
  return reinterpret_cast<T*>(address);
}

// An array here would end beyond the last address.
constexpr std::uintptr_t kWraps = std::uintptr_t{1} - sizeof(epoll_event);

class ForeignDescriptor : public testing::TestWithParam<DescriptorKind> {
 protected:
  using Answers = std::vector<std::string>;

  // The same calls in the same order, on a new descriptor for each side.
  Answers answers_of(Backend backend) {
    const unique_fd epfd = GetParam().make();
    EXPECT_TRUE(epfd.valid());
    Answers answers;
    ask_control(answers, backend, epfd.get());
    ask_waits(answers, backend, epfd.get());
    return answers;
  }

 private:
  static void ask(Answers& answers, const std::string& what, const std::function<int()>& call) {
    const int result = call();
    answers.push_back(what + ": " + (result < 0 ? strerrorname_np(errno) : std::to_string(result)));
  }

  void ask_control(Answers& answers, Backend backend, int epfd) const {
    epoll_event event{};
    const std::pair<const char*, int> targets[] = {{"eventfd", counter_.get()},
                                                   {"directory", directory_.get()},
                                                   {"path", path_.get()},
                                                   {"itself", epfd},
                                                   {"none", -1}};
    for (const int op : {EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 0, 99})
      for (const auto& target : targets)
        for (epoll_event* pointer : {&event, bad<epoll_event>()})
          ask(answers,
              "ctl " + std::to_string(op) + ' ' + target.first + (pointer == &event ? "" : " bad"),
              [&] { return backend.ctl(epfd, op, target.second, pointer); });
  }

  static void ask_waits(Answers& answers, Backend backend, int epfd) {
    epoll_event event{};
    const timespec now{};
    const timespec wrong{.tv_sec = -1, .tv_nsec = 0};
    for (const int most : {1, 0})
      for (epoll_event* events : {&event, bad<epoll_event>(), bad<epoll_event>(kWraps)}) {
        const std::string with = std::to_string(most) + (events == &event ? "" : " bad");
        ask(answers, "wait " + with, [&] { return backend.wait(epfd, events, most, 0); });
        for (const sigset_t* mask : {static_cast<const sigset_t*>(nullptr), bad<const sigset_t>()})
          ask(answers, "pwait " + with, [&] { return backend.pwait(epfd, events, most, 0, mask); });
        for (const timespec* timeout : {&now, &wrong, bad<const timespec>()})
          ask(answers, "pwait2 " + with,
              [&] { return backend.pwait2(epfd, events, most, timeout, nullptr); });
      }
  }

  const unique_fd counter_ = make_eventfd();
  const unique_fd directory_ = checked_fd(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open");
  const unique_fd path_ = checked_fd(open("/", O_PATH | O_CLOEXEC), "open");
};

TEST_P(ForeignDescriptor, IsAnsweredByTheNativeCall) {
  if (!GetParam().make().valid()) GTEST_SKIP() << "none here: " << std::strerror(errno);
  EXPECT_EQ(answers_of(Backend::xpoll()), answers_of(Backend::native()));
}

TEST_P(ForeignDescriptor, IsAnsweredByTheNativeCallInNanosecondsToo) {
  const unique_fd epfd = GetParam().make();
  if (!epfd.valid()) GTEST_SKIP() << "none here: " << std::strerror(errno);
  epoll_event event{};
  const auto answer = [](int result) { return std::pair(result, result < 0 ? errno : 0); };
  const auto native = answer(epoll_wait(epfd.get(), &event, 1, 0));
  EXPECT_EQ(answer(xpoll_pwait_ns(epfd.get(), &event, 1, 0, 0, nullptr)), native);
}

INSTANTIATE_TEST_SUITE_P(, ForeignDescriptor, testing::ValuesIn(descriptor_kinds()),
                         [](const auto& info) { return info.param.name; });

TEST(ForeignDescriptors, AreOfManyKinds) {
  int made = 0;
  for (const DescriptorKind& kind : descriptor_kinds()) made += kind.make().valid();
  EXPECT_GE(made, kFewestKinds);
}

// Their drivers return EOPNOTSUPP, EBADFD, ENOSYS or EPERM for an unknown ioctl, not ENOTTY.
constexpr std::array kOfTheirOwnErrno{"Alg",           "Xdp",         "Key",     "NfcRaw",
                                      "TunUnattached", "LoopControl", "VhostNet"};

TEST(ForeignDescriptors, IncludeThoseWithAnErrnoOfTheirOwn) {
  if (!kernel_has_debians_drivers()) GTEST_SKIP() << "this kernel may lack some of the drivers";
  const std::vector<DescriptorKind> kinds = descriptor_kinds();
  for (const std::string name : kOfTheirOwnErrno) {
    const auto kind = std::ranges::find(kinds, name, &DescriptorKind::name);
    ASSERT_NE(kind, kinds.end()) << name;
    EXPECT_TRUE(kind->make().valid()) << name << ": " << std::strerror(errno);
  }
}

}  // namespace
}  // namespace xpoll::test
