// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/display.h"

#include <fmt/format.h>
#include <unistd.h>

#include "probes/top/screen_display.h"
#include "probes/top/stream_display.h"
#include "probes/util/unavailable.h"

namespace top {

std::unique_ptr<Display> make_display(const Options& options) {
  const bool terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  if (options.json || options.histograms || !terminal)
    return std::make_unique<StreamDisplay>(options);
  try {
    return std::make_unique<ScreenDisplay>(options);
  } catch (const probes::Unavailable& reason) {
    fmt::print(stderr, "xpoll-top: {}: one interval after the other, then\n", reason.what());
    return std::make_unique<StreamDisplay>(options);
  }
}

}  // namespace top
