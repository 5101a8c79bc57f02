// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "probes/path/event.h"
#include "probes/path/summary.h"
#include "probes/path/tracer.h"
#include "probes/util/probe_set.h"

namespace probes::path {

/// {"events": 1000, ..., "steps": [{"from": "callback", "to": "waking", "count": ..., "p50_ns":
/// ..., "histogram": [{"from_ns": 1024, "to_ns": 2048, "count": 17}, ...]}, ...], "total": {...}}
nlohmann::ordered_json to_json(const KindSummary& summary);

/// The summaries by implementation, for those that were traced: as above, plus one for each thread
/// that received events: {..., "workers": [{"pid": 1, "tid": 1, "comm": "nginx", ...}, ...]}
nlohmann::ordered_json to_json(const Summary& summary, std::span<const Kind> kinds);

nlohmann::ordered_json to_json(const Losses& losses);

/// One event with its stages.
nlohmann::ordered_json to_json(const Event& event);

}  // namespace probes::path
