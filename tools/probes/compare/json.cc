// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include "figures.h"
#include "probes/path/summary_json.h"
#include "text.h"
#include "verdict.h"

namespace probes::compare {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

/// The non-empty buckets, whose width doubles from 1 on.
ordered_json events_per_wait(const counts& figures) {
  ordered_json json = ordered_json::array();
  std::uint64_t from = 1;
  for (const std::uint64_t waits : figures.events_per_wait) {
    if (waits > 0) json.push_back({{"from", from}, {"waits", waits}});
    from *= 2;
  }
  return json;
}

ordered_json counts_of(const counts& figures) {
  ordered_json json;
  for (const Figure& figure : kFigures) json[figure.name] = figures.*figure.field;
  json["system_calls"] = all_calls(figures);
  return json;
}

ordered_json per_event_of(const counts& figures) {
  ordered_json json;
  for (const Figure& figure : kFigures)
    json[figure.name] = or_null(per_event(figures.*figure.field, figures));
  json["system_calls"] = or_null(per_event(all_calls(figures), figures));
  return json;
}

ordered_json calls_json(const counts& figures) {
  ordered_json json = ordered_json::object();
  for (const Call& call : calls_of(figures)) json[call.name] = call.count;
  return json;
}

ordered_json run_json(const Run& run) {
  return {{"status", run.status},
          {"load_status", run.load_status},
          {"instances",
           {{"native", run.figures.native_instances}, {"xpoll", run.figures.xpoll_instances}}},
          {"counts", counts_of(run.figures)},
          {"per_event", per_event_of(run.figures)},
          {"calls", calls_json(run.figures)},
          {"events_per_wait", events_per_wait(run.figures)},
          {"path", path::to_json(run.path)},
          {"said", run.said},
          {"probes", run.probes},
          {"notes", run.notes}};
}

ordered_json drift_json(const Comparison& comparison) {
  const auto warning = drift(comparison);
  return warning ? ordered_json(*warning) : ordered_json();
}

}  // namespace

nlohmann::ordered_json to_json(const Comparison& comparison) {
  return {{"what", comparison.what},
          {"kernel", comparison.kernel},
          {"machine", comparison.machine},
          {"date", comparison.date},
          {"remark", comparison.remark},
          {"verdict", verdict(comparison)},
          {"drift", drift_json(comparison)},
          {"caution", kCaution},
          {"native", run_json(comparison.native)},
          {"xpoll", run_json(comparison.xpoll)}};
}

}  // namespace probes::compare
