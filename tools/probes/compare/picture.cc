// SPDX-License-Identifier: GPL-2.0-only
#include "picture.h"

#include <fmt/format.h>

#include <stdexcept>

#include "escaped.h"
#include "gnuplot.h"

namespace probes::compare {
namespace {

/// gnuplot draws black on white and cannot follow the viewer's colour scheme; these rules do.
constexpr const char* kStyle = R"(
<style>
rect[fill="#ffffff"] { fill: #fff; }
[color="black"] { color: #1c1c1c; }
[fill="black"] { fill: #1c1c1c; }
[stroke="black"] { stroke: #1c1c1c; }
@media (prefers-color-scheme: dark) {
  rect[fill="#ffffff"] { fill: #16181a; }
  [color="black"] { color: #e4e4e4; }
  [fill="black"] { fill: #e4e4e4; }
  [stroke="black"] { stroke: #e4e4e4; }
}
</style>
)";

}  // namespace

std::string to_picture(const Comparison& comparison, const Look& look) {
  constexpr std::string_view kTitle = "<title>Gnuplot</title>";
  std::string picture = draw(to_gnuplot(comparison, look));
  const std::size_t title = picture.find(kTitle);
  if (title == std::string::npos) throw std::runtime_error("gnuplot's picture has no title");
  return picture.replace(title, kTitle.size(),
                         fmt::format("<title>{}, on native epoll and on xpoll</title>{}",
                                     escaped(comparison.what), kStyle));
}

}  // namespace probes::compare
