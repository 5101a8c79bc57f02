// SPDX-License-Identifier: MIT
// Everything that libxpoll offers to C++20.
#ifndef XPOLL_XPOLL_HPP
#define XPOLL_XPOLL_HPP

#include <xpoll/xpoll.h>

#include <xpoll/batch_poller.hpp>
#include <xpoll/change_flags.hpp>
#include <xpoll/cookie.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/events.hpp>
#include <xpoll/group.hpp>
#include <xpoll/poller.hpp>
#include <xpoll/process.hpp>
#include <xpoll/ring_poller.hpp>
#include <xpoll/wait_result.hpp>
#include <xpoll/wake_policy.hpp>
#include <xpoll/watch_set.hpp>
#include <xpoll/worker_table.hpp>

#endif  // XPOLL_XPOLL_HPP
