// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/report_date.h"

#include <fmt/chrono.h>

#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace probes {
namespace {

std::time_t time_of_report() {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return std::time(nullptr);
  char* end = nullptr;
  const long seconds = std::strtol(epoch, &end, 10);
  if (end == epoch || *end != '\0')
    throw std::runtime_error(
        fmt::format("SOURCE_DATE_EPOCH is '{}', not a number of seconds", epoch));
  return seconds;
}

}  // namespace

std::string report_date() { return fmt::format("{:%Y-%m-%d}", fmt::gmtime(time_of_report())); }

}  // namespace probes
