// SPDX-License-Identifier: GPL-2.0-only
#include "figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "figures.h"
#include "probes/util/microseconds.h"
#include "probes/util/wrapped.h"
#include "text.h"
#include "verdict.h"

namespace probes::compare {
namespace {

constexpr int kWidth = 1000;
/// Space left of the axes, and right of the longest bar.
constexpr int kNames = 300;
constexpr int kMargin = 20;
constexpr int kLine = 20;
constexpr int kHeading = 36;
constexpr int kAxis = 48;
constexpr int kRow = 34;
constexpr int kHistogram = 120;

/// Each is readable on white and on black.
constexpr const char* kNativeColour = "0xd9822b";
constexpr const char* kXpollColour = "0x3b82c4";
constexpr const char* kWarningColour = "0xd64541";

/// Quotes a string for gnuplot in single quotes, where only the quote itself has to be doubled.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char letter : text) result += letter == '\'' ? "''" : std::string(1, letter);
  return result + "'";
}

/// A filled rectangle in the format of boxxyerror: centre, edges, colour.
std::string box(double left, double right, double bottom, double top, const char* colour) {
  return fmt::format("{:.6g} {:.6g} {:.6g} {:.6g} {:.6g} {:.6g} {}\n", (left + right) / 2,
                     (bottom + top) / 2, left, right, bottom, top, colour);
}

std::string data(const std::string& name, const std::string& lines) {
  return fmt::format("${} << EOD\n{}EOD\n", name, lines);
}

std::string plot_boxes(const std::string& name) {
  return fmt::format("plot ${} using 1:2:3:4:5:6:7 with boxxyerror linecolor rgb variable notitle",
                     name);
}

/// Builds the picture from top to bottom. All positions are in pixels, so the layout does not
/// depend on the content.
class Sheet final {
 public:
  explicit Sheet(int height) : height_(height) {}

  /// A line of text at the current position, `left` pixels from the edge.
  void text(int left, const std::string& words, const std::string& look = "") {
    commands_ += fmt::format("set label {} at screen {:.5f},{:.5f} left {}\n", quoted(words),
                             across(left), down(top_ + kLine / 2), look);
  }
  void move_down(int pixels) { top_ += pixels; }

  /// Axes at the current position, for the next plot.
  void axes(int left, int right, int height) {
    commands_ += fmt::format(
        "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\n"
        "set tmargin at screen {:.5f}\nset bmargin at screen {:.5f}\n",
        across(left), across(right), down(top_), down(top_ + height));
  }
  /// Emits the plot and removes the labels and objects placed for it.
  void plot(const std::string& commands) {
    commands_ += commands + "\nunset label\nunset object\n";
  }

  [[nodiscard]] int top() const { return top_; }
  [[nodiscard]] const std::string& commands() const { return commands_; }

 private:
  static double across(int pixels) { return static_cast<double>(pixels) / kWidth; }
  [[nodiscard]] double down(int pixels) const {
    return 1 - static_cast<double>(pixels) / static_cast<double>(height_);
  }

  int height_;
  int top_ = kMargin;
  std::string commands_;
};

/// Where a bar begins, and its length.
struct Bar {
  double from = 0;
  double length = 0;
  std::string label;
};
struct BarRow {
  std::string name;
  std::optional<Bar> native;
  std::optional<Bar> xpoll;
};

/// In each row native epoll's bar above xpoll's, each followed by its figure.
std::string bars(const std::string& name, const std::vector<BarRow>& rows) {
  constexpr double half = 0.38;
  constexpr double gap = 0.02;
  std::string boxes;
  std::string labels;
  std::string tics;
  double y = static_cast<double>(rows.size());
  const auto add = [&](const Bar& bar, double bottom, double top, const char* colour) {
    boxes += box(bar.from, bar.from + bar.length, bottom, top, colour);
    labels +=
        fmt::format("{:.6g} {:.6g} {}\n", bar.from + bar.length, (bottom + top) / 2, bar.label);
  };
  for (const BarRow& row : rows) {
    if (row.native) add(*row.native, y + gap, y + half, kNativeColour);
    if (row.xpoll) add(*row.xpoll, y - half, y - gap, kXpollColour);
    tics += fmt::format("{}{} {}", tics.empty() ? "" : ", ", quoted(row.name), y);
    --y;
  }
  const std::string axes = fmt::format("set yrange [0.5:{}]\nset ytics ({})\n",
                                       static_cast<double>(rows.size()) + 0.5, tics);
  // gnuplot cannot derive an axis from an empty plot.
  if (boxes.empty()) return axes + "set xrange [0:1]\nplot NaN notitle";
  return data(name, boxes) + data(name + "_labels", labels) + axes + "set xrange [0:*]\n" +
         plot_boxes(name) +
         fmt::format(
             ", \\\n  ${}_labels using 1:2:3 with labels left offset 0.5,0 font ',11' notitle",
             name);
}

/// Median, in microseconds.
std::optional<double> median_of(const Distribution& times) {
  const auto median = times.quantile(0.5);
  if (!median) return std::nullopt;
  return static_cast<double>(*median) / 1000;
}

std::optional<Bar> median_bar(const Distribution& times, double& from) {
  const auto median = median_of(times);
  if (!median) return std::nullopt;
  Bar bar{.from = from, .length = *median, .label = brief_microseconds(times.quantile(0.5))};
  from += *median;
  return bar;
}

/// The path of an event whose task was asleep, which takes every step. Each bar begins where the
/// previous one ends.
std::vector<BarRow> way_of(const std::vector<StepRow>& steps) {
  std::vector<BarRow> rows;
  double native = 0;
  double xpoll = 0;
  for (const StepRow& step : steps)
    if (step.leaves_none_out)
      rows.push_back({step.name, median_bar(step.native, native), median_bar(step.xpoll, xpoll)});
  return rows;
}

/// A band behind the first `same` of `rows` rows, whose steps run the same code on both sides.
std::string same_code_band(std::size_t same, std::size_t rows) {
  if (same == 0) return "";
  const double top = static_cast<double>(rows) + 0.5;
  const double bottom = top - static_cast<double>(same);
  return fmt::format(
      "set object rectangle from graph 0, first {} to graph 1, first {} behind "
      "fillcolor rgb '0x888888' fillstyle transparent solid 0.14 noborder\n"
      "set label 'the same code on both' at graph 0.99, first {} right\n",
      bottom, top, (top + bottom) / 2);
}

BarRow whole_bars(const StepRow& whole) {
  double native = 0;
  double xpoll = 0;
  return {whole.name, median_bar(whole.native, native), median_bar(whole.xpoll, xpoll)};
}

void draw_way(Sheet& sheet, const std::vector<StepRow>& steps, const StepRow& whole) {
  std::vector<BarRow> rows = way_of(steps);
  rows.push_back(whole_bars(whole));
  const auto same = static_cast<std::size_t>(std::ranges::count_if(
      steps, [](const StepRow& step) { return step.same_code && step.leaves_none_out; }));
  sheet.text(kMargin, "The way of an event that finds its task asleep: medians, in microseconds",
             "font ',14'");
  sheet.move_down(kHeading);
  const int height = static_cast<int>(rows.size()) * kRow;
  sheet.axes(kNames, kWidth - 3 * kMargin, height);
  sheet.plot(same_code_band(same, rows.size()) + bars("way", rows));
  sheet.move_down(height + kAxis);
}

std::optional<Bar> ratio_bar(std::optional<double> ratio) {
  if (!ratio) return std::nullopt;
  return Bar{.from = 0, .length = *ratio, .label = fmt::format("{:.2f}", *ratio)};
}

std::vector<BarRow> ratios_of(const Comparison& comparison) {
  const counts& native = comparison.native.figures;
  const counts& xpoll = comparison.xpoll.figures;
  const auto ratio = [&](const char* name, std::uint64_t on_native, std::uint64_t on_xpoll) {
    return BarRow{name, ratio_bar(per_event(on_native, native)),
                  ratio_bar(per_event(on_xpoll, xpoll))};
  };
  return {ratio("system calls", all_calls(native), all_calls(xpoll)),
          ratio("waits", native.waits, xpoll.waits),
          ratio("wake-ups of watched files", native.callbacks, xpoll.callbacks),
          ratio("wake-ups of waiters", native.wakeups, xpoll.wakeups),
          ratio("context switches, voluntary", native.voluntary_switches, xpoll.voluntary_switches),
          ratio("context switches, involuntary", native.involuntary_switches,
                xpoll.involuntary_switches)};
}

void draw_ratios(Sheet& sheet, const Comparison& comparison) {
  const std::vector<BarRow> rows = ratios_of(comparison);
  sheet.text(kMargin, "Counts, for each event delivered", "font ',14'");
  sheet.move_down(kHeading);
  const int height = static_cast<int>(rows.size()) * kRow;
  sheet.axes(kNames, kWidth - 3 * kMargin, height);
  sheet.plot(bars("ratios", rows));
  sheet.move_down(height + kAxis);
}

/// Percentage of the values per bucket, with four buckets per doubling in all histograms.
using Shares = std::map<int, double>;
constexpr double kBucketsPerDoubling = 4;

Shares shares_of(const Distribution& times) {
  Shares shares;
  const double part = 100 / static_cast<double>(times.count());
  for (const std::uint64_t value : times.values())  // a logarithmic axis has no 0
    if (value > 0)
      shares[static_cast<int>(
          std::floor(kBucketsPerDoubling * std::log2(static_cast<double>(value))))] += part;
  return shares;
}

double begin_of(int bucket) { return std::exp2(bucket / kBucketsPerDoubling) / 1000; }

struct Histogram {
  std::string name;
  Shares native;
  Shares xpoll;
};

std::vector<Histogram> histograms_of(std::vector<StepRow> rows, StepRow whole) {
  rows.push_back(std::move(whole));
  std::vector<Histogram> histograms;
  for (const StepRow& row : rows)
    histograms.push_back({row.name, shares_of(row.native), shares_of(row.xpoll)});
  return histograms;
}

/// All histograms share the axes, so they can be compared.
std::string common_axes(const std::vector<Histogram>& histograms) {
  int first = INT_MAX;
  int last = INT_MIN;
  double most = 0;
  for (const Histogram& histogram : histograms)
    for (const Shares* shares : {&histogram.native, &histogram.xpoll})
      for (const auto& [bucket, share] : *shares) {
        first = std::min(first, bucket);
        last = std::max(last, bucket);
        most = std::max(most, share);
      }
  if (first > last) return "";
  const int top = std::min(100, 10 * static_cast<int>(std::ceil(most / 10)));
  return fmt::format(
      "set logscale x\nset format x '%g'\nset xrange [{}:{}]\nset yrange [-{}:{}]\n"
      "set ytics ('{} %%' {}, '0' 0, '{} %%' -{})\n",
      begin_of(first), begin_of(last + 1), top, top, top, top, top, top);
}

/// Native epoll's share upwards and xpoll's downwards, in the same buckets.
std::string histogram_boxes(const Histogram& histogram) {
  std::string lines;
  for (const auto& [bucket, share] : histogram.native)
    lines += box(begin_of(bucket), begin_of(bucket + 1), 0, share, kNativeColour);
  for (const auto& [bucket, share] : histogram.xpoll)
    lines += box(begin_of(bucket), begin_of(bucket + 1), -share, 0, kXpollColour);
  return lines;
}

void draw_histograms(Sheet& sheet, const std::vector<Histogram>& histograms) {
  constexpr int kHalf = kWidth / 2;
  sheet.text(kMargin,
             "Histograms, in microseconds: shares of native epoll's events up, of xpoll's down",
             "font ',14'");
  sheet.move_down(kHeading);
  std::string setting = common_axes(histograms);
  for (std::size_t i = 0; i < histograms.size(); ++i) {
    const std::string name = fmt::format("step{}", i);
    const int left = i % 2 == 0 ? 0 : kHalf;
    sheet.text(left + 3 * kMargin, histograms[i].name);
    sheet.move_down(kLine);
    sheet.axes(left + 3 * kMargin, left + kHalf - kMargin, kHistogram);
    sheet.plot(std::exchange(setting, "") + data(name, histogram_boxes(histograms[i])) +
               plot_boxes(name));
    const bool row_is_full = i % 2 == 1 || i + 1 == histograms.size();
    sheet.move_down(row_is_full ? kHistogram + kAxis : -kLine);
  }
}

std::string followed(const Comparison& comparison) {
  return fmt::format(
      "{} events delivered on native epoll, {} followed from the packet; on xpoll {} and {}. {}",
      comparison.native.figures.events, comparison.native.path.events,
      comparison.xpoll.figures.events, comparison.xpoll.path.events, kCaution);
}

/// A line above the panels, and its look.
struct HeadLine {
  std::string text;
  std::string look;
};

std::vector<HeadLine> head_of(const Comparison& comparison) {
  constexpr std::size_t kTitleWidth = 95;
  constexpr std::size_t kTextWidth = 135;
  std::vector<HeadLine> head;
  const auto add = [&head](const std::string& text, std::size_t width, const std::string& look) {
    for (std::string& line : wrapped_lines(text, width)) head.push_back({std::move(line), look});
  };
  add(comparison.what, kTitleWidth, "font ',16'");
  add(setting_of(comparison), kTextWidth, "");
  add(followed(comparison), kTextWidth, "");
  if (const auto warning = drift(comparison))
    add(*warning, kTextWidth, fmt::format("textcolor rgb '{}'", kWarningColour));
  return head;
}

void write_head(Sheet& sheet, const std::vector<HeadLine>& head) {
  for (const HeadLine& line : head) {
    sheet.text(kMargin, line.text, line.look);
    sheet.move_down(kLine);
  }
}

void write_key(Sheet& sheet) {
  sheet.text(kMargin, "■ native epoll",
             fmt::format("font ',14' textcolor rgb '{}'", kNativeColour));
  sheet.text(kMargin + 150, "■ xpoll", fmt::format("font ',14' textcolor rgb '{}'", kXpollColour));
  sheet.move_down(kHeading);
}

void draw_all(Sheet& sheet, const Comparison& comparison, const Look& look) {
  if (look.head) write_head(sheet, head_of(comparison));
  write_key(sheet);
  const std::vector<StepRow> steps = step_rows(comparison);
  if (!steps.empty()) draw_way(sheet, steps, whole_way(comparison));
  draw_ratios(sheet, comparison);
  if (!steps.empty() && look.histograms)
    draw_histograms(sheet, histograms_of(steps, whole_way(comparison)));
}

/// The height is known only once the picture is drawn.
int height_of(const Comparison& comparison, const Look& look) {
  Sheet sheet(1);
  draw_all(sheet, comparison, look);
  return sheet.top();
}

}  // namespace

std::string to_gnuplot(const Comparison& comparison, const Look& look) {
  const int height = height_of(comparison, look);
  Sheet sheet(height);
  draw_all(sheet, comparison, look);
  return fmt::format(
             "set terminal svg size {},{} noenhanced font 'sans-serif,12' background 'white'\n"
             "set multiplot\nset style fill solid noborder\nset grid xtics\n"
             "set tics nomirror out\nset border 3\nunset key\n",
             kWidth, height) +
         sheet.commands() + "unset multiplot\n";
}

}  // namespace probes::compare
