// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::test {

// Moves the calling process, which has one thread, into new namespaces: CLONE_NEWUSER and maybe
// others. Its user is root there. Return: whether the kernel allowed that.
bool unshare_as_root(int flags);

}  // namespace xpoll::test
