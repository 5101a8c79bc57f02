// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/run_tool.h"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>

#include "probes/util/unavailable.h"

namespace probes {

int run_tool(const char* name, const std::function<void()>& tool) {
  try {
    tool();
    return EXIT_SUCCESS;
  } catch (const Unavailable& missing) {
    fmt::print(stderr, "{}: {}\n", name, missing.what());
    return kUnavailable;
  } catch (const std::exception& failure) {
    fmt::print(stderr, "{}: {}\n", name, failure.what());
    return EXIT_FAILURE;
  }
}

}  // namespace probes
