// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/types.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "probes/bpf/path.h"

namespace probes::path {

/// The two implementations.
enum class Kind { native = PATH_NATIVE, xpoll = PATH_XPOLL };
constexpr std::array<Kind, PATH_KINDS> kKinds{Kind::native, Kind::xpoll};
std::string_view name_of(Kind kind);

/// The stages of an event's path, in order: see enum path_stage.
enum class Stage : std::size_t {
  received = PATH_RECEIVED,
  tcp = PATH_TCP,
  established = PATH_ESTABLISHED,
  readable = PATH_READABLE,
  callback = PATH_CALLBACK,
  waking = PATH_WAKING,
  running = PATH_RUNNING,
  polled = PATH_POLLED,
  returned = PATH_RETURNED,
};
constexpr std::size_t kStages = PATH_STAGES;
constexpr std::array<Stage, kStages> kAllStages{
    Stage::received, Stage::tcp,     Stage::established, Stage::readable, Stage::callback,
    Stage::waking,   Stage::running, Stage::polled,      Stage::returned};

constexpr std::size_t index_of(Stage stage) { return static_cast<std::size_t>(stage); }

/// Name of the stage: the kernel function, if there is one.
std::string_view name_of(Stage stage, Kind kind);
/// A short key: "callback".
std::string_view key_of(Stage stage);

}  // namespace probes::path
