// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "architecture.h"
#include "tools/util/child.h"

/** Suites of Debian other than the host's. Their package lists are in the cache; the host's apt
 * does not see them, and nothing of them is installed. "trixie:arm64" is trixie for arm64. */
namespace xpoll::vm {

/** The architecture of a suite's packages. */
Architecture architecture_of(std::string_view suite);

/** The same suite for amd64. */
std::string_view without_architecture(std::string_view suite);

/** apt's sources of a suite: "trixie" with its updates, "trixie-backports" with trixie, or "sid".
 */
std::string suite_sources(std::string_view suite);

/** Options that make apt-get and apt-cache use the suite's lists; none for "", the host's own. */
Argv apt_options(std::string_view suite);

/** Gets the suite's lists, or those that changed. Does nothing for "", the host's own. The caller
 * must hold the cache lock. */
void update_lists(std::string_view suite);

}  // namespace xpoll::vm
