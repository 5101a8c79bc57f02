// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench_contention {

/// What an access means for the caches of processors that share memory.
enum class Access {
  kQuiet,      // no other processor's cache takes part
  kTakenOver,  // a write to a line that another processor touched since this one's last write
  kFetched,    // a read of a line that another processor wrote since this one's last access
};

/// Who touched which cache line: a table with one entry for each index. A line that takes the entry
/// of another one begins untouched, so this never counts as an access of another processor, but may
/// hide one. Processors call it at the same time.
class CacheLines {
 public:
  static constexpr unsigned kProcessors = 16;

  CacheLines() : entries_(kEntries) {}

  Access read(unsigned processor, std::uint64_t address) {
    std::atomic<std::uint64_t>& entry = entry_of(address);
    const std::uint64_t tag = tag_of(address);
    const std::uint64_t old = entry.load(std::memory_order_relaxed);
    if (tag_in(old) != tag) {
      entry.store(tag << kTagShift | toucher(processor), std::memory_order_relaxed);
      return Access::kQuiet;
    }
    if (old & toucher(processor)) return Access::kQuiet;
    entry.fetch_or(toucher(processor), std::memory_order_relaxed);
    return old & kWritten ? Access::kFetched : Access::kQuiet;
  }

  Access write(unsigned processor, std::uint64_t address) {
    std::atomic<std::uint64_t>& entry = entry_of(address);
    const std::uint64_t tag = tag_of(address);
    const std::uint64_t now = tag << kTagShift | kWritten | toucher(processor);
    const std::uint64_t before = entry.load(std::memory_order_relaxed);
    if (before == now) return Access::kQuiet;
    const std::uint64_t old = entry.exchange(now, std::memory_order_relaxed);
    if (tag_in(old) != tag) return Access::kQuiet;
    return old & kTouchers & ~toucher(processor) ? Access::kTakenOver : Access::kQuiet;
  }

 private:
  // An entry: bits 0 to 15 have who touched the line since its last write, that writer included;
  // bit 16 tells that it was written; the rest is the line's tag.
  static constexpr std::uint64_t kTouchers = (std::uint64_t{1} << kProcessors) - 1;
  static constexpr std::uint64_t kWritten = std::uint64_t{1} << kProcessors;
  static constexpr unsigned kTagShift = kProcessors + 1;
  static constexpr unsigned kLineShift = 6;
  static constexpr unsigned kIndexBits = 20;
  static constexpr std::size_t kEntries = std::size_t{1} << kIndexBits;
  static_assert(64 - kLineShift - kIndexBits + kTagShift <= 64, "a tag fits");

  static std::uint64_t toucher(unsigned processor) { return std::uint64_t{1} << processor; }
  static std::uint64_t tag_of(std::uint64_t address) {
    return address >> (kLineShift + kIndexBits);
  }
  static std::uint64_t tag_in(std::uint64_t entry) { return entry >> kTagShift; }
  std::atomic<std::uint64_t>& entry_of(std::uint64_t address) {
    return entries_[(address >> kLineShift) & (kEntries - 1)];
  }

  std::vector<std::atomic<std::uint64_t>> entries_;
};

}  // namespace bench_contention
