// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

top_instance instance(std::uint64_t ep, std::uint64_t seen_since, std::uint64_t events) {
  top_instance instance{};
  instance.ep = ep;
  instance.seen_since = seen_since;
  instance.counts.events = events;
  instance.kind = TOP_XPOLL;
  return instance;
}

class LedgerTest : public testing::Test {
 protected:
  std::optional<std::int64_t> before_ = 40;
  Ledger ledger_{{}, [this](const top_instance&) { return before_; }};
};

TEST_F(LedgerTest, WhatHappenedIsTheDifference) {
  ledger_.rows({.open = {instance(1, 1, 10)}, .closed = {}, .holders = {}});
  const auto rows = ledger_.rows({.open = {instance(1, 1, 25)}, .closed = {}, .holders = {}});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].figures.events, 15U);
  EXPECT_FALSE(rows[0].fresh);
}

TEST_F(LedgerTest, AnotherAtTheSameAddressBeginsAnew) {
  ledger_.rows({.open = {instance(1, 1, 10)}, .closed = {}, .holders = {}});
  const auto rows =
      ledger_.rows({.open = {instance(1, 2, 3)}, .closed = {instance(1, 1, 12)}, .holders = {}});
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].figures.events, 2U);
  EXPECT_TRUE(rows[0].closed);
  EXPECT_EQ(rows[1].figures.events, 3U);
  EXPECT_TRUE(rows[1].fresh);
}

TEST_F(LedgerTest, OneThatIsOpenStillWhenItIsToldOfAsClosedIsCountedOnce) {
  ledger_.rows({.open = {instance(1, 1, 10)}, .closed = {}, .holders = {}});
  const auto rows =
      ledger_.rows({.open = {instance(1, 1, 12)}, .closed = {instance(1, 1, 12)}, .holders = {}});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_TRUE(rows[0].closed);
  EXPECT_EQ(rows[0].figures.events, 2U);
}

TEST_F(LedgerTest, OneThatIsToldOfAsClosedLateIsRemembered) {
  ledger_.rows({.open = {instance(1, 1, 10)}, .closed = {}, .holders = {}});
  EXPECT_THAT(ledger_.rows({}), IsEmpty());
  const auto rows = ledger_.rows({.open = {}, .closed = {instance(1, 1, 12)}, .holders = {}});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].figures.events, 2U);
}

TEST_F(LedgerTest, WatchesFromBeforeAreAddedToThoseSince) {
  top_instance found = instance(1, 1, 0);
  found.found = 1;
  found.counts.watches = 2;
  EXPECT_EQ(ledger_.rows({.open = {found}, .closed = {}, .holders = {}})[0].watches, 42U);
  found.counts.watches = -1;
  EXPECT_EQ(ledger_.rows({.open = {found}, .closed = {}, .holders = {}})[0].watches, 39U);
}

TEST_F(LedgerTest, WatchesThatCannotBeCountedAreNotKnownUntilTheyCan) {
  top_instance found = instance(1, 1, 0);
  found.found = 1;
  before_.reset();
  EXPECT_EQ(ledger_.rows({.open = {found}, .closed = {}, .holders = {}})[0].watches, std::nullopt);
  before_ = 1;
  EXPECT_EQ(ledger_.rows({.open = {found}, .closed = {}, .holders = {}})[0].watches, 1U);
}

TEST(LedgerOfAKernelThatTellsLessTest, WhatCannotBeHadIsEmpty) {
  std::array<Known, TOP_KINDS> known{};
  known[TOP_XPOLL] = {.spurious = false, .scan = false};
  Ledger ledger(known, [](const top_instance&) { return std::nullopt; });
  const auto rows = ledger.rows({.open = {instance(1, 1, 0)}, .closed = {}, .holders = {}});
  EXPECT_EQ(rows[0].figures.spurious, std::nullopt);
  EXPECT_EQ(rows[0].figures.scan_ns, std::nullopt);
}

}  // namespace
}  // namespace top
