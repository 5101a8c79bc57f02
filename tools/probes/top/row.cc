// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/row.h"

namespace top {
namespace {

/// A sum is unknown if any part is unknown.
void add(std::optional<std::uint64_t>& sum, const std::optional<std::uint64_t>& part) {
  if (!part)
    sum.reset();
  else if (sum)
    *sum += *part;
}

}  // namespace

const char* kind_name(top_kind kind) { return kind == TOP_XPOLL ? "xpoll" : "native"; }

Figures& Figures::operator+=(const Figures& other) {
  callbacks += other.callbacks;
  wakes += other.wakes;
  events += other.events;
  overflows += other.overflows;
  add(spurious, other.spurious);
  add(scan_ns, other.scan_ns);
  waits_under_way += other.waits_under_way;
  return *this;
}

std::optional<double> events_per_wake(const Figures& figures) {
  if (!figures.wakes) return std::nullopt;
  return static_cast<double>(figures.events) / static_cast<double>(figures.wakes);
}

}  // namespace top
