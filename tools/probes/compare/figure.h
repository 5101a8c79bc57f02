// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_PROBES_COMPARE_FIGURE_H
#define XPOLL_PROBES_COMPARE_FIGURE_H

#include <string>

#include "run.h"

namespace probes::compare {

/// What the picture is for: a file of its own, which has white paper, or a page, which has a colour
/// of its own that the picture takes.
enum class Paper { white, page };

/// The picture as gnuplot's commands, data included.
std::string to_gnuplot(const Comparison& comparison, Paper paper);

}  // namespace probes::compare

#endif  // XPOLL_PROBES_COMPARE_FIGURE_H
