// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_RUN_VERSION_H
#define XPOLL_RUN_VERSION_H

namespace run {

/// That of libxpoll, with which the build writes it.
extern const char* const version;

}  // namespace run

#endif  // XPOLL_RUN_VERSION_H
