// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>

#include "probes/top/selection.h"

namespace top {

/// Keys other than letters, as a terminal sends them.
constexpr int kEnter = '\n';
constexpr int kEscape = 27;
constexpr int kErase = 127;

/// The user's choice of what is shown, made by keys.
class View final {
 public:
  explicit View(const std::string& sort, bool workers = false) : workers_(workers) {
    selection_.sort = sort;
  }

  enum class Answer { stay, quit };
  Answer press(int key);

  [[nodiscard]] const Selection& selection() const { return selection_; }
  /// Whether workers are shown instead of instances.
  [[nodiscard]] bool workers() const { return workers_; }
  /// The keys and their settings, or the filter that is being typed.
  [[nodiscard]] std::string footer() const;

 private:
  void type(int key);
  void sort_by_next();

  Selection selection_;
  bool workers_;
  std::optional<std::string> typed_;  ///< the filter being typed
};

}  // namespace top
