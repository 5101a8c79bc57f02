// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/summary_json.h"

#include <fmt/format.h>

namespace probes::path {
namespace {

using Json = nlohmann::ordered_json;

void put_figures(Json& json, const Distribution& distribution) {
  json["count"] = distribution.count();
  if (distribution.count() == 0) return;
  json["p50_ns"] = *distribution.quantile(0.5);
  json["p99_ns"] = *distribution.quantile(0.99);
  json["max_ns"] = *distribution.max();
  Json& histogram = json["histogram"] = Json::array();
  for (const Bucket& bucket : distribution.log2_buckets())
    histogram.push_back({{"from_ns", bucket.from}, {"to_ns", bucket.to}, {"count", bucket.count}});
}

Json stages_of(const Event& event) {
  Json stages = Json::array();
  std::optional<std::uint64_t> last;
  for (const Stage stage : kAllStages) {
    const auto& mark = event.at(stage);
    if (!mark) continue;
    Json json{{"stage", key_of(stage)}, {"name", name_of(stage, event.kind)}, {"ns", mark->ns}};
    // Signed, so that stages out of order are visible.
    if (last) json["since_last_ns"] = static_cast<std::int64_t>(mark->ns - *last);
    json["cpu"] = mark->cpu;
    json["tid"] = mark->tid;
    stages.push_back(std::move(json));
    last = mark->ns;
  }
  return stages;
}

Json to_json(const WorkerSummary& worker) {
  Json json{{"pid", worker.tgid}, {"tid", worker.tid}, {"comm", worker.comm}};
  json.update(to_json(worker.summary));
  return json;
}

}  // namespace

Json to_json(const KindSummary& summary) {
  Json json{{"events", summary.events},
            {"packets", summary.packets},
            {"woken", summary.woken},
            {"not_asleep", summary.not_asleep},
            {"no_callback", summary.no_callback},
            {"out_of_order", summary.out_of_order}};
  Json& steps = json["steps"] = Json::array();
  for (const auto& [step, distribution] : summary.steps) {
    Json entry{{"from", key_of(step.from)}, {"to", key_of(step.to)}};
    put_figures(entry, distribution);
    steps.push_back(std::move(entry));
  }
  put_figures(json["total"], summary.total);
  return json;
}

Json to_json(const Summary& summary, std::span<const Kind> kinds) {
  Json json = Json::object();
  for (const Kind kind : kinds) {
    Json& of_kind = json[std::string(name_of(kind))];
    of_kind = to_json(summary.of(kind));
    of_kind["workers"] = Json::array();
    for (const WorkerSummary* worker : summary.workers_of(kind))
      of_kind["workers"].push_back(to_json(*worker));
  }
  return json;
}

Json to_json(const Losses& losses) {
  return {{"records", losses.records},
          {"entries", losses.entries},
          {"forgotten", nullptr},  // the kernel does not count them
          {"hits", losses.hits ? Json(*losses.hits) : Json()},
          {"incomplete", losses.incomplete}};
}

Json to_json(const Event& event) {
  Json json{{"implementation", name_of(event.kind)},
            {"task", {{"pid", event.tgid}, {"tid", event.tid}, {"comm", event.comm}}},
            {"instance", fmt::format("{:#x}", event.instance)},
            {"local_port", event.local_port},
            {"remote_port", event.remote_port},
            {"packets", event.packets},
            {"ready", event.mask},
            {"batch", event.batch},
            {"came_to_sleeper", event.came_to_sleeper()}};
  if (event.fd) json["fd"] = *event.fd;
  json["stages"] = stages_of(event);
  return json;
}

}  // namespace probes::path
