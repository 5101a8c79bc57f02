// SPDX-License-Identifier: GPL-2.0-only
// xpoll-path: the path of single events, from the packet to the waiting task.
#include <CLI/CLI.hpp>

#include "probes/path/follow.h"
#include "probes/path/options.h"
#include "probes/util/run_tool.h"

int main(int argc, char** argv) {
  probes::path::Options options;
  CLI::App app;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return probes::run_tool("xpoll-path", [&] { probes::path::follow(options); });
}
