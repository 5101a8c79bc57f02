// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_RUN_LIBRARY_DIR_H
#define XPOLL_RUN_LIBRARY_DIR_H

namespace run {

/// Where "make install" puts the preload library; the build writes it.
extern const char* const installed_library_dir;

}  // namespace run

#endif  // XPOLL_RUN_LIBRARY_DIR_H
