// SPDX-License-Identifier: GPL-2.0-only
// Either of two additions is allowed, but not both. If two tasks make them at once, exactly one
// fails.
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/stress.h"

namespace xpoll::test {
namespace {

class NestHalvesTest : public EachBackend {
 protected:
  // Adds `target` to `ep`, and `other_target` to `other_ep`.
  void expect_one_fails(const unique_fd& ep, const unique_fd& target, const unique_fd& other_ep,
                        const unique_fd& other_target, int error) {
    RaceResult one;
    RaceResult other;
    int first = 0;
    race(
        stress_rounds(500), [] {},
        {[&] { one.set(backend_.add(ep.get(), target.get(), EPOLLIN)); },
         [&] { other.set(backend_.add(other_ep.get(), other_target.get(), EPOLLIN)); }},
        [&] {
          EXPECT_NE(one.value == 0, other.value == 0);
          EXPECT_TRUE(one.is_ok_or(error) && other.is_ok_or(error))
              << one.error << " " << other.error;
          first += one.value == 0;
          backend_.del(ep.get(), target.get());
          backend_.del(other_ep.get(), other_target.get());
        });
    RecordProperty("first", first);
  }
};
XPOLL_FOR_EACH_BACKEND(NestHalvesTest);

TEST_P(NestHalvesTest, OneOfTwoAddsThatFormACycleFails) {
  const unique_fd one = backend_.instance();
  const unique_fd other = backend_.instance();
  expect_one_fails(one, other, other, one, ELOOP);
}

// A file may have 100 paths over two links. The first addition needs no check, unless the second
// one came first.
TEST_P(NestHalvesTest, OneOfTwoAddsThatGiveAFileTooManyPathsFails) {
  const unique_fd file = make_eventfd();
  const unique_fd ep = backend_.instance();
  const unique_fd joint = backend_.instance();
  std::vector<unique_fd> tops;
  for (int i = 0; i < 101; ++i) {
    tops.push_back(backend_.instance());
    ASSERT_THAT(backend_.add(tops.back().get(), joint.get(), EPOLLIN), SyscallSucceeds());
  }
  expect_one_fails(ep, file, joint, ep, EINVAL);
}

}  // namespace
}  // namespace xpoll::test
