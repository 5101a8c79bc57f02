// SPDX-License-Identifier: GPL-2.0-only
// The headers that most programs and tests use. cxx.mk precompiles them. No source includes this
// file.
#ifndef XPOLL_TOOLS_UTIL_PRECOMPILED_H
#define XPOLL_TOOLS_UTIL_PRECOMPILED_H

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#endif  // XPOLL_TOOLS_UTIL_PRECOMPILED_H
