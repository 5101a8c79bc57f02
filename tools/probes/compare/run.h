// SPDX-License-Identifier: GPL-2.0-only
// The results of a comparison: the model that text, JSON, page and picture show.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/bpf/counts.h"
#include "probes/path/summary.h"

namespace probes::compare {

/// One run of the command, on native epoll or on xpoll.
struct Run {
  int status = 0;  ///< exit status, as a shell reports it
  int load_status = 0;
  counts figures{};
  path::KindSummary path;           ///< events that were followed to a task of the command
  std::vector<std::string> probes;  ///< the probes in use
  std::vector<std::string> notes;   ///< notes for the reader of the figures
  nlohmann::ordered_json said;      ///< the report of the bundled server and client
};

struct Comparison {
  std::string what;
  std::string kernel;
  std::string machine;  ///< the machine that the kernel runs on
  std::string date;
  std::string remark;  ///< the user's remark
  Run native;
  Run xpoll;
};

}  // namespace probes::compare
