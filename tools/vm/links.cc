// SPDX-License-Identifier: GPL-2.0-only
#include "links.h"

#include <vector>

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

bool is_there(const fs::path& path) { return fs::exists(fs::symlink_status(path)); }

std::vector<fs::path> all_links(const fs::path& root) {
  std::vector<fs::path> links;
  for (const auto& entry : fs::recursive_directory_iterator{root}) {
    if (entry.is_symlink()) links.push_back(entry.path());
  }
  return links;
}

/** Returns whether there was a link to change. */
bool change_links(const fs::path& root) {
  bool changed = false;
  for (const fs::path& link : all_links(root)) {
    const fs::path target = fs::read_symlink(link);
    const fs::path inside = root / target.relative_path();
    // Other links lead to files of the host.
    if (!target.is_absolute() || !is_there(inside)) continue;
    fs::remove(link);
    fs::create_symlink(inside.lexically_relative(link.parent_path()), link);
    changed = true;
  }
  return changed;
}

}  // namespace

void make_links_relative(const fs::path& root) {
  // Repeat, because a link may lead through another one that was absolute until now.
  while (change_links(root)) {
  }
}

}  // namespace xpoll::vm
