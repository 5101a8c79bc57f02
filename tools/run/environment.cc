// SPDX-License-Identifier: GPL-2.0-only
#include "environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "failure.h"
#include "own_file.h"

namespace run {
namespace {

namespace fs = std::filesystem;

/// The separators in LD_PRELOAD.
constexpr std::string_view separators = ": ";

constexpr const char* library_name = "libxpoll-preload.so";

std::vector<std::string_view> preloaded() {
  const char* variable = std::getenv("LD_PRELOAD");
  std::string_view list = variable ? variable : "";
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t length = std::min(list.find_first_of(separators), list.size());
    words.push_back(list.substr(0, length));
    list.remove_prefix(std::min(length + 1, list.size()));
  }
  return words;
}

void set(const char* variable, bool value) {
  if (value)
    setenv(variable, "1", true);
  else
    unsetenv(variable);
}

}  // namespace

fs::path preload_library() { return own_file(library_name); }

bool is_preloaded() {
  return std::ranges::any_of(
      preloaded(), [](std::string_view word) { return fs::path(word).filename() == library_name; });
}

void preload(const fs::path& library) {
  if (library.native().find_first_of(separators) != std::string::npos)
    throw Failure(
        Status::refused,
        fmt::format("a path with a space or colon can't be preloaded: {}", library.native()));
  if (std::ranges::count(preloaded(), std::string_view(library.native())) > 0) return;
  const char* before = std::getenv("LD_PRELOAD");
  const std::string list = before ? before : "";
  const std::string longer = list.empty() ? library.native() : list + ':' + library.native();
  setenv("LD_PRELOAD", longer.c_str(), true);
}

void set_fallback(bool fallback) { set("XPOLL_FALLBACK", fallback); }

void set_io_uring(bool io_uring) { set("XPOLL_IO_URING", io_uring); }

void set_close_removes(bool close_removes) { set("XPOLL_CLOSE_REMOVES", close_removes); }

void set_ring_refusals(const std::string& name) {
  setenv("XPOLL_RING_REFUSALS", name.c_str(), true);
}

void set_group(const Group& group) {
  setenv("XPOLL_GROUP", std::to_string(group.number).c_str(), true);
  setenv("XPOLL_GROUP_KEY", fmt::format("{:x}", group.key).c_str(), true);
}

}  // namespace run
