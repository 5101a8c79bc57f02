// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/json.h"

#include <fmt/format.h>

#include <utility>

#include "probes/util/distribution.h"

namespace top {
namespace {

using Json = nlohmann::ordered_json;

/// null if not known.
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

void put(Json& json, const Figures& figures) {
  json["callbacks"] = figures.callbacks;
  json["wakes"] = figures.wakes;
  json["events"] = figures.events;
  json["events_per_wake"] = or_null(events_per_wake(figures));
  json["spurious_wakes"] = or_null(figures.spurious);
  json["overflows"] = figures.overflows;
  json["scan_ns"] = or_null(figures.scan_ns);
  json["waits_under_way"] = figures.waits_under_way;
}

Json to_json(const Holder& holder) {
  return {{"pid", holder.pid}, {"command", holder.command}, {"fd", holder.fd}};
}

Json to_json(const Row& row) {
  Json json = to_json(row.holders.front());
  json["kind"] = kind_name(row.kind);
  json["instance"] = fmt::format("{:#x}", row.ep);
  json["closed"] = row.closed;
  json["holders"] = Json::array();
  for (const Holder& holder : row.holders) json["holders"].push_back(to_json(holder));
  json["watches"] = or_null(row.watches);
  put(json, row.figures);
  return json;
}

Json to_json(const Worker& worker, const Group& group, double seconds) {
  constexpr double kNsPerSecond = 1e9;
  return {{"pid", worker.pid},
          {"tid", worker.tid},
          {"command", worker.command},
          {"instance", fmt::format("{:#x}", worker.ep)},
          {"ended", worker.ended},
          {"events", worker.events},
          {"deliveries", worker.deliveries},
          {"share", or_null(group.share(worker))},
          {"away_ns", worker.away_ns},
          {"away", static_cast<double>(worker.away_ns) / kNsPerSecond / seconds},
          {"longest_away_ns", worker.longest_away_ns}};
}

Json to_json(const Group& group, double seconds) {
  Json json{{"common", common_name(group.common)},
            {"kind", kind_name(group.kind)},
            {"events", group.events()},
            {"max_events", group.most()},
            {"min_events", group.least()},
            {"max_min", or_null(group.max_min())},
            {"workers", Json::array()}};
  for (const Worker& worker : group.workers)
    json["workers"].push_back(to_json(worker, group, seconds));
  return json;
}

Json buckets_json(const Histogram& histogram) {
  Json json = Json::array();
  for (const probes::Bucket& bucket : probes::log2_buckets(histogram))
    json.push_back({{"from_ns", bucket.from}, {"to_ns", bucket.to}, {"count", bucket.count}});
  return json;
}

Json to_json(const Sums& sums, const Watched& watched) {
  Json json = Json::object();
  for (const top_kind kind : {TOP_NATIVE, TOP_XPOLL}) {
    if (!watched[kind]) continue;
    Json& of_kind = json[kind_name(kind)];
    of_kind["instances"] = sums[kind].instances;
    put(of_kind, sums[kind].figures);
  }
  return json;
}

Json to_json(const Lost& lost) {
  return {{"hits", lost.hits ? Json(*lost.hits) : Json()},
          {"instances", lost.full.instances},
          {"waits", lost.full.waits},
          {"workers", lost.full.workers},
          {"histograms", lost.full.histograms},
          {"closed", lost.full.closed}};
}

}  // namespace

Json to_json(const Interval& interval, const Watched& watched) {
  Json json{{"type", "interval"}, {"seconds", interval.seconds}, {"instances", Json::array()}};
  for (const Row& row : interval.rows) json["instances"].push_back(to_json(row));
  json["total"] = to_json(sums_of(interval.rows), watched);
  json["lost"] = to_json(interval.lost);
  return json;
}

Json to_json(const std::vector<Group>& groups, double seconds) {
  Json json = Json::array();
  for (const Group& group : groups) json.push_back(to_json(group, seconds));
  return json;
}

Json histograms_json(const std::vector<Row>& rows) {
  Json json = Json::array();
  for (const Row& row : rows) {
    if (row.histograms == Histograms{}) continue;
    Json of_row = to_json(row.holders.front());
    of_row["kind"] = kind_name(row.kind);
    of_row["instance"] = fmt::format("{:#x}", row.ep);
    of_row["wake_latency"] = buckets_json(row.histograms[TOP_WAKE_LATENCY]);
    of_row["service_time"] = buckets_json(row.histograms[TOP_SERVICE_TIME]);
    json.push_back(std::move(of_row));
  }
  return json;
}

Json to_json(const Total& total, const Watched& watched) {
  return {{"type", "total"},
          {"seconds", total.seconds},
          {"total", to_json(total.sums, watched)},
          {"lost", to_json(total.lost)}};
}

}  // namespace top
