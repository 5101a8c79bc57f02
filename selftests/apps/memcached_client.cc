// SPDX-License-Identifier: GPL-2.0-only
#include "apps/memcached_client.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

constexpr std::uint64_t kDeadlineMs = std::chrono::milliseconds(kDeadline).count();

}  // namespace

MemcachedClient::MemcachedClient(std::uint16_t port) : client_(memcached_create(nullptr)) {
  if (!client_) throw std::bad_alloc();
  behave(MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, kDeadlineMs);
  behave(MEMCACHED_BEHAVIOR_POLL_TIMEOUT, kDeadlineMs);
  behave(MEMCACHED_BEHAVIOR_TCP_NODELAY, 1);
  const memcached_return_t result = memcached_server_add(client_.get(), "127.0.0.1", port);
  if (result != MEMCACHED_SUCCESS) fail(result, "adding the server", std::to_string(port));
}

void MemcachedClient::behave(memcached_behavior_t behavior, std::uint64_t value) {
  const memcached_return_t result = memcached_behavior_set(client_.get(), behavior, value);
  if (result != MEMCACHED_SUCCESS) fail(result, "behavior", std::to_string(behavior));
}

void MemcachedClient::fail(memcached_return_t result, std::string_view what,
                           const std::string& key) const {
  const char* detail = memcached_last_error_message(client_.get());
  throw std::runtime_error(fmt::format("memcached: {} {}: {}", what, key,
                                       detail ? detail : memcached_strerror(nullptr, result)));
}

bool MemcachedClient::succeeded(memcached_return_t result, memcached_return_t otherwise,
                                std::string_view what, const std::string& key) const {
  if (result != MEMCACHED_SUCCESS && result != otherwise) fail(result, what, key);
  return result == MEMCACHED_SUCCESS;
}

void MemcachedClient::set(const std::string& key, const std::string& value) {
  succeeded(memcached_set(client_.get(), key.data(), key.size(), value.data(), value.size(), 0, 0),
            MEMCACHED_SUCCESS, "set", key);
}

bool MemcachedClient::add(const std::string& key, const std::string& value) {
  return succeeded(
      memcached_add(client_.get(), key.data(), key.size(), value.data(), value.size(), 0, 0),
      MEMCACHED_NOTSTORED, "add", key);
}

std::optional<std::string> MemcachedClient::get(const std::string& key) {
  std::size_t length = 0;
  std::uint32_t flags = 0;
  memcached_return_t result = MEMCACHED_FAILURE;
  const std::unique_ptr<char, decltype(&std::free)> value(
      memcached_get(client_.get(), key.data(), key.size(), &length, &flags, &result), &std::free);
  if (!succeeded(result, MEMCACHED_NOTFOUND, "get", key)) return std::nullopt;
  // An empty value is returned as a null pointer.
  return value ? std::string(value.get(), length) : std::string();
}

std::map<std::string, std::string> MemcachedClient::get(const std::vector<std::string>& keys) {
  std::vector<const char*> starts;
  std::vector<std::size_t> lengths;
  for (const std::string& key : keys) {
    starts.push_back(key.data());
    lengths.push_back(key.size());
  }
  const std::string what = fmt::format("get of {} keys from", keys.size());
  succeeded(memcached_mget(client_.get(), starts.data(), lengths.data(), keys.size()),
            MEMCACHED_SUCCESS, what, keys.front());
  std::map<std::string, std::string> found;
  memcached_return_t result = MEMCACHED_SUCCESS;
  using Result = std::unique_ptr<memcached_result_st, decltype(&memcached_result_free)>;
  while (const Result item{memcached_fetch_result(client_.get(), nullptr, &result),
                           &memcached_result_free}) {
    found.emplace(
        std::string(memcached_result_key_value(item.get()),
                    memcached_result_key_length(item.get())),
        std::string(memcached_result_value(item.get()), memcached_result_length(item.get())));
  }
  if (result != MEMCACHED_END && result != MEMCACHED_NOTFOUND) fail(result, what, keys.front());
  return found;
}

std::optional<std::uint64_t> MemcachedClient::increment(const std::string& key, std::uint32_t by) {
  std::uint64_t value = 0;
  if (!succeeded(memcached_increment(client_.get(), key.data(), key.size(), by, &value),
                 MEMCACHED_NOTFOUND, "increment", key))
    return std::nullopt;
  return value;
}

bool MemcachedClient::erase(const std::string& key) {
  return succeeded(memcached_delete(client_.get(), key.data(), key.size(), 0), MEMCACHED_NOTFOUND,
                   "delete", key);
}

memcached_stat_st MemcachedClient::stats() {
  memcached_return_t result = MEMCACHED_FAILURE;
  const auto release = [this](memcached_stat_st* stats) {
    memcached_stat_free(client_.get(), stats);
  };
  const std::unique_ptr<memcached_stat_st, decltype(release)> stats(
      memcached_stat(client_.get(), nullptr, &result), release);
  succeeded(result, MEMCACHED_SUCCESS, "stats", "");
  return *stats;
}

}  // namespace xpoll::test
