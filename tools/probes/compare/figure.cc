// SPDX-License-Identifier: GPL-2.0-only
#include "figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "figures.h"

namespace probes::compare {
namespace {

constexpr int kWidth = 1000;
constexpr int kPanelHeight = 260;

using Colours = std::array<const char*, 2>;

/// Two shades each, to tell neighbours apart; each is readable on white and on black.
constexpr Colours kNativeColours{"0xd9822b", "0xe8a868"};
constexpr Colours kXpollColours{"0x3b82c4", "0x7db1dc"};

/// Single-quoted for gnuplot, where a quote is doubled and nothing else is special.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char letter : text) result += letter == '\'' ? "''" : std::string(1, letter);
  return result + "'";
}

/// A filled rectangle, as boxxyerror takes it: centre, edges, colour.
std::string box(double left, double right, double bottom, double top, const char* colour) {
  return fmt::format("{} {} {} {} {} {} {}\n", (left + right) / 2, (bottom + top) / 2, left, right,
                     bottom, top, colour);
}

std::string data(const std::string& name, const std::string& lines) {
  return fmt::format("${} << EOD\n{}EOD\n", name, lines);
}

std::string plot_boxes(const std::string& name) {
  return fmt::format("plot ${} using 1:2:3:4:5:6:7 with boxxyerror linecolor rgb variable notitle",
                     name);
}

/// Microseconds.
std::optional<double> median_of(const Distribution& times) {
  const auto median = times.quantile(0.5);
  if (!median) return std::nullopt;
  return static_cast<double>(*median) / 1000;
}

/// The medians of the steps as one bar, each beginning where the one before it ended: the way of an
/// event that found its task asleep, which passes every stage. Those that are wide enough have
/// their number written on them.
class MedianBar final {
 public:
  MedianBar(const std::vector<StepRow>& rows, Distribution StepRow::*side, double y,
            Colours colours) {
    constexpr double half = 0.3;
    double whole = 0;
    for (const StepRow& row : rows)
      if (row.leaves_none_out) whole += median_of(row.*side).value_or(0);
    double from = 0;
    for (std::size_t step = 0; step < rows.size(); ++step) {
      const std::optional<double> width = median_of(rows[step].*side);
      if (!rows[step].leaves_none_out || !width) continue;
      boxes += box(from, from + *width, y - half, y + half, colours[step % 2]);
      if (*width > whole / 30) labels += fmt::format("{} {} {}\n", from + *width / 2, y, step + 1);
      from += *width;
    }
  }

  std::string boxes;
  std::string labels;
};

std::string median_panel(const std::vector<StepRow>& rows) {
  const MedianBar native(rows, &StepRow::native, 2, kNativeColours);
  const MedianBar xpoll(rows, &StepRow::xpoll, 1, kXpollColours);
  return data("medians", native.boxes + xpoll.boxes) +
         data("numbers", native.labels + xpoll.labels) +
         "set title 'The steps of an event, medians'\n"
         "set xlabel 'microseconds'\nset xrange [0:*]\nset yrange [0.4:2.6]\n"
         "set ytics ('native epoll' 2, 'xpoll' 1)\n" +
         plot_boxes("medians") + ", \\\n  $numbers using 1:2:3 with labels notitle\n";
}

struct Ratio {
  const char* name;
  std::optional<double> native;
  std::optional<double> xpoll;
};

std::vector<Ratio> ratios_of(const Comparison& comparison) {
  const counts& native = comparison.native.figures;
  const counts& xpoll = comparison.xpoll.figures;
  const auto ratio = [&](const char* name, __u64 counts::*field) {
    return Ratio{name, per_event(native.*field, native), per_event(xpoll.*field, xpoll)};
  };
  return {
      {"system calls", per_event(all_calls(native), native), per_event(all_calls(xpoll), xpoll)},
      ratio("waits", &counts::waits),
      ratio("wake-ups of files", &counts::callbacks),
      ratio("wake-ups of waiters", &counts::wakeups),
      ratio("voluntary switches", &counts::voluntary_switches),
      ratio("involuntary switches", &counts::involuntary_switches)};
}

std::string ratio_panel(const Comparison& comparison) {
  constexpr double half = 0.38;
  std::string lines;
  std::string tics;
  const std::vector<Ratio> ratios = ratios_of(comparison);
  double y = static_cast<double>(ratios.size());
  for (const Ratio& ratio : ratios) {
    if (ratio.native) lines += box(0, *ratio.native, y, y + half, kNativeColours[0]);
    if (ratio.xpoll) lines += box(0, *ratio.xpoll, y - half, y, kXpollColours[0]);
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ", quoted(ratio.name), y);
    --y;
  }
  return data("ratios", lines) +
         fmt::format(
             "set title 'For each event delivered'\nunset xlabel\nset xrange [0:*]\n"
             "set yrange [0.4:{}]\nset ytics ({})\n",
             static_cast<double>(ratios.size()) + 0.6, tics) +
         plot_boxes("ratios") +
         fmt::format(
             ", \\\n  NaN with boxes linecolor rgb {} title 'native epoll', \\\n"
             "  NaN with boxes linecolor rgb {} title 'xpoll'\n",
             kNativeColours[0], kXpollColours[0]);
}

/// One side's half of each bucket, as the share of its events.
std::string histogram_boxes(const Distribution& times, double shift, const char* colour) {
  std::string lines;
  const auto all = static_cast<double>(times.count());
  for (const auto& [from, to, events] : times.log2_buckets()) {
    if (from == 0) continue;  // has no place on a logarithmic axis
    const double left = static_cast<double>(from) / 1000 * std::exp2(shift);
    lines += box(left, left * std::exp2(0.5), 0, 100 * static_cast<double>(events) / all, colour);
  }
  return lines;
}

std::string histogram_panel(const StepRow& row, std::size_t number) {
  const std::string name = fmt::format("step{}", number);
  return data(name, histogram_boxes(row.native, 0, kNativeColours[0]) +
                        histogram_boxes(row.xpoll, 0.5, kXpollColours[0])) +
         fmt::format("set title {}\n", quoted(fmt::format("{}. {}", number, row.name))) +
         plot_boxes(name) + "\n";
}

/// The same axis for all, so that the eye can compare them.
std::string time_axis(const std::vector<StepRow>& rows) {
  std::uint64_t least = UINT64_MAX;
  std::uint64_t most = 1;
  for (const StepRow& row : rows)
    for (const Distribution* times : {&row.native, &row.xpoll})
      for (const Bucket& bucket : times->log2_buckets()) {
        if (bucket.from > 0) least = std::min(least, bucket.from);
        most = std::max(most, bucket.to);
      }
  return fmt::format("set xrange [{}:{}]\n", static_cast<double>(std::min(least, most / 2)) / 1000,
                     static_cast<double>(most) / 1000);
}

std::string histogram_panels(std::vector<StepRow> rows, StepRow whole) {
  rows.push_back(std::move(whole));
  std::string text =
      "set logscale x\nset format x '%g'\nset xlabel 'microseconds'\nset ylabel '% of events'\n"
      "set yrange [0:*]\nset ytics auto\n" +
      time_axis(rows);
  for (std::size_t step = 0; step < rows.size(); ++step)
    text += histogram_panel(rows[step], step + 1);
  return text;
}

}  // namespace

std::string to_gnuplot(const Comparison& comparison, Paper paper) {
  const std::vector<StepRow> steps = step_rows(comparison);
  const std::size_t panels = steps.empty() ? 1 : steps.size() + 3;
  const std::size_t rows = (panels + 1) / 2;
  std::string text = fmt::format(
      "set terminal svg size {},{} noenhanced font 'sans-serif,12'{}\n"
      "set multiplot layout {},2\nset style fill solid noborder\nset grid xtics\nset tics "
      "nomirror\n"
      "set border 3\nset key below\n",
      kWidth, rows * kPanelHeight, paper == Paper::white ? " background 'white'" : "", rows);
  text += ratio_panel(comparison);
  text += "unset key\n";
  if (!steps.empty()) text += median_panel(steps) + histogram_panels(steps, whole_way(comparison));
  return text + "unset multiplot\n";
}

}  // namespace probes::compare
