// SPDX-License-Identifier: GPL-2.0-only
#include "say.h"

#include <cstdio>

#include "failure.h"

namespace run {

void warn(const std::string& text) { std::fputs(("xpoll-run: " + text + "\n").c_str(), stderr); }

void refuse(const std::string& why, const Options& options) {
  if (!options.fallback)
    throw Failure(Status::refused,
                  why + ". It can't run on xpoll (--fallback runs it on native epoll)");
  warn(why + ". It runs on native epoll");
}

}  // namespace run
