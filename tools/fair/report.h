// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "outcome.h"

namespace fair {

struct Report {
  std::string kernel;  ///< release and version
  std::vector<Outcome> outcomes;
};

std::string to_text(const Report& report);
std::string to_json(const Report& report);
/// The data for picture.gp: one block of shares, one of requests that waited.
std::string to_plot(const Report& report);

}  // namespace fair
