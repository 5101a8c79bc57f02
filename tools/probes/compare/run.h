// SPDX-License-Identifier: GPL-2.0-only
// What a comparison found: the model that the renderers show.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/bpf/counts.h"
#include "probes/path/summary.h"

namespace probes::compare {

/// One run of the command, on native epoll or on xpoll.
struct Run {
  int status = 0;  ///< as a shell gives it
  int load_status = 0;
  counts figures{};
  path::KindSummary path;           ///< the events that were followed to a task of the command
  std::vector<std::string> probes;  ///< what it was seen through
  std::vector<std::string> notes;   ///< what the reader of the figures must know
  nlohmann::ordered_json said;      ///< what the bundled server and client themselves counted
};

struct Comparison {
  std::string what;
  std::string kernel;
  std::string machine;  ///< what the kernel runs on
  std::string date;
  std::string remark;  ///< what the user had to say of it
  Run native;
  Run xpoll;
};

}  // namespace probes::compare
