// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/output.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "probes/path/summary_json.h"
#include "probes/path/summary_text.h"
#include "probes/path/timeline.h"
#include "probes/path/worker_text.h"
#include "tools/util/json_text.h"

namespace probes::path {
namespace {

using Json = nlohmann::ordered_json;

void print_json(const char* type, const Json& content) {
  Json json{{"type", type}};
  json.update(content);
  fmt::print("{}\n", xpoll::json_text(json));
}

Json uses_json(const std::vector<ProbeUse>& uses) {
  Json json = Json::array();
  for (const ProbeUse& use : uses) json.push_back({{"kind", use.kind}, {"target", use.target}});
  return json;
}

}  // namespace

Output::Output(const Options& options, std::vector<Kind> kinds)
    : options_(options), kinds_(std::move(kinds)) {}

void Output::started(const Tracer& tracer) const {
  std::string names;
  for (const Kind kind : kinds_)
    names += fmt::format("{}{}", names.empty() ? "" : " and ", name_of(kind));
  fmt::print(stderr, "xpoll-path: looking at {} through {}; {}\n", names, describe(tracer.probes()),
             options_.ends() ? "Ctrl-C ends it early" : "Ctrl-C ends");
}

void Output::event(const Event& event) {
  std::uint64_t& shown = shown_[event.kind];
  if (shown >= options_.timelines_shown()) return;
  ++shown;
  if (options_.json)
    print_json("event", to_json(event));
  else
    fmt::print("{}\n", timeline(event, names_, out_));
  std::fflush(stdout);
}

void Output::summary(const Summary& summary, const Tracer& tracer, double seconds) const {
  if (options_.json)
    summary_json(summary, tracer, seconds);
  else
    summary_text(summary, tracer, seconds);
  std::fflush(stdout);
}

void Output::summary_json(const Summary& summary, const Tracer& tracer, double seconds) const {
  print_json("summary", {{"seconds", seconds},
                         {"probes", uses_json(tracer.probes())},
                         {"lost", to_json(tracer.losses())},
                         {"implementations", to_json(summary, kinds_)}});
}

void Output::summary_text(const Summary& summary, const Tracer& tracer, double seconds) const {
  fmt::print("{:.1f} s\n{}{}{}", seconds, to_text(summary, kinds_, out_),
             workers_text(summary, kinds_, out_), histograms_of(summary, kinds_, out_));
  const std::string losses = to_text(tracer.losses());
  fmt::print("{}\n", losses.empty() ? "no known losses" : out_.in(Colour::red, losses));
}

void Output::progress(std::uint64_t events) const {
  if (!options_.ends() || !err_.interactive()) return;
  if (options_.count)
    fmt::print(stderr, "\r{} of {} events", events, *options_.count);
  else
    fmt::print(stderr, "\r{} events", events);
}

void Output::end_progress() const {
  if (options_.ends() && err_.interactive()) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace probes::path
