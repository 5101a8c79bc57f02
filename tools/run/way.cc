// SPDX-License-Identifier: GPL-2.0-only
#include "way.h"

#include <fmt/format.h>
#include <linux/xpoll.h>

#include <string>

#include "environment.h"
#include "obstacle.h"
#include "ring_library.h"
#include "say.h"

namespace run {
namespace {

namespace fs = std::filesystem;

/// Only a warning, since many programs use rings for files only.
void warn_of_rings(const fs::path& program) {
  if (const std::optional<std::string> library = ring_library_of(program))
    warn(fmt::format(
        "{} needs {}, whose io_uring rings can't be refused. If it changes its epoll "
        "instances through a ring, that fails (--io-uring runs it without this warning)",
        program.native(), *library));
}

/// Sets what the preload library reads.
void set_environment(const Options& options, bool io_uring, const std::optional<Group>& group) {
  set_fallback(options.fallback);
  set_io_uring(io_uring);
  set_close_removes(options.close_removes);
  if (group) set_group(*group);
}

Way take_calls(const Options& options, const std::optional<Group>& group) {
  // Another xpoll-run preloaded the library: it must create instances in the same group.
  if (is_preloaded()) set_environment(options, true, group);
  return Way::calls;
}

Way take_preload(const Options& options, const fs::path& program,
                 const std::optional<Group>& group) {
  if (!options.io_uring) warn_of_rings(program);
  preload(preload_library());
  set_environment(options, options.io_uring, group);
  return Way::preload;
}

}  // namespace

Way take_way(const Options& options, const fs::path& program, const std::optional<Device>& device,
             const std::optional<Group>& group) {
  std::string why_not_calls;
  if (device && !options.preload) {
    const std::optional<std::string> obstacle =
        device->opt_in(group, options.close_removes ? XPOLL_CREATE_CLOSE_REMOVES : 0);
    if (!obstacle) return take_calls(options, group);
    why_not_calls = "epoll's own system calls don't reach xpoll: " + *obstacle;
  }
  if (options.calls) {
    if (device) refuse(why_not_calls, options);
    return Way::native;
  }
  if (const std::optional<std::string> obstacle = preload_obstacle_of(program))
    refuse(why_not_calls.empty() ? *obstacle : *obstacle + "; and " + why_not_calls, options);
  const Way way = take_preload(options, program, group);
  // The group lasts while one of the program's processes has the device open.
  if (device && options.wake) device->pass_on();
  return way;
}

}  // namespace run
