// SPDX-License-Identifier: GPL-2.0-only
#include "apps/memcached_traffic.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>
#include <vector>

namespace xpoll::test {
namespace {

constexpr std::size_t kKeys = 200;
constexpr std::size_t kMostAtOnce = 60;
constexpr std::size_t kShortValue = 400;
// Larger than a socket's buffers, so that the server has to wait for room, and smaller than
// memcached's largest item.
constexpr std::size_t kLongValue = 700'000;

void must_be(bool right, std::string_view what, const std::string& key) {
  if (!right) throw std::runtime_error(fmt::format("memcached: wrong answer to {} {}", what, key));
}

}  // namespace

MemcachedTraffic::MemcachedTraffic(std::string prefix, std::uint64_t seed)
    : prefix_(std::move(prefix)), counter_(prefix_ + ":counter"), random_(seed) {}

void MemcachedTraffic::run(MemcachedClient& one, MemcachedClient& other, int requests) {
  using Request = void (MemcachedTraffic::*)(MemcachedClient&);
  constexpr Request kRequests[] = {&MemcachedTraffic::set,      &MemcachedTraffic::add,
                                   &MemcachedTraffic::get,      &MemcachedTraffic::get,
                                   &MemcachedTraffic::get_many, &MemcachedTraffic::erase,
                                   &MemcachedTraffic::increment};
  for (int i = 0; i < requests; ++i) {
    MemcachedClient& client = below(random_, 2) ? one : other;
    (this->*kRequests[below(random_, std::size(kRequests))])(client);
    ++checked_;
  }
}

std::string MemcachedTraffic::random_key() {
  return fmt::format("{}:{}", prefix_, below(random_, kKeys));
}

std::optional<std::string> MemcachedTraffic::expected(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

void MemcachedTraffic::count(std::size_t asked, std::size_t found) {
  gets_ += asked;
  hits_ += found;
}

void MemcachedTraffic::set(MemcachedClient& client) {
  const std::string key = random_key();
  const bool is_long = below(random_, 100) == 0;
  const std::string value =
      random_bytes(random_, is_long ? kLongValue : below(random_, kShortValue));
  client.set(key, value);
  values_[key] = value;
}

void MemcachedTraffic::add(MemcachedClient& client) {
  const std::string key = random_key();
  const std::string value = random_bytes(random_, below(random_, kShortValue));
  must_be(client.add(key, value) == values_.try_emplace(key, value).second, "add", key);
}

void MemcachedTraffic::get(MemcachedClient& client) {
  const std::string key = random_key();
  const std::optional<std::string> value = client.get(key);
  must_be(value == expected(key), "get", key);
  count(1, value.has_value());
}

void MemcachedTraffic::get_many(MemcachedClient& client) {
  std::vector<std::string> keys;
  std::map<std::string, std::string> there;
  const std::size_t first = below(random_, kKeys);
  const std::size_t number = 1 + below(random_, kMostAtOnce);
  for (std::size_t i = 0; i < number; ++i) {
    keys.push_back(fmt::format("{}:{}", prefix_, (first + i) % kKeys));
    if (const auto value = expected(keys.back())) there.emplace(keys.back(), *value);
  }
  must_be(client.get(keys) == there, "get of many from", keys.front());
  count(keys.size(), there.size());
}

void MemcachedTraffic::erase(MemcachedClient& client) {
  const std::string key = random_key();
  must_be(client.erase(key) == (values_.erase(key) == 1), "delete", key);
}

void MemcachedTraffic::increment(MemcachedClient& client) {
  const auto by = static_cast<std::uint32_t>(below(random_, 1000));
  if (count_) *count_ += by;
  must_be(client.increment(counter_, by) == count_, "increment", counter_);
  if (!count_) {
    client.set(counter_, std::to_string(by));
    count_ = by;
  }
}

}  // namespace xpoll::test
