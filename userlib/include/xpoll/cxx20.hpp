// SPDX-License-Identifier: MIT
// Every C++ header of xpoll includes this one before it uses C++20, so that a compiler that is set
// to an older standard says so before anything else.
#ifndef XPOLL_CXX20_HPP
#define XPOLL_CXX20_HPP

#if __cplusplus < 202002L
#error "xpoll's C++ headers need C++20: compile with -std=c++20 or later"
#endif

#endif  // XPOLL_CXX20_HPP
