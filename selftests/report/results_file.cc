// SPDX-License-Identifier: GPL-2.0-only
#include "report/results_file.h"

#include "tools/util/file.h"

namespace xpoll::report {

std::optional<nlohmann::json> read_results(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  auto json = nlohmann::json::parse(read_file(path), nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

}  // namespace xpoll::report
