// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::attack {

// Moves the calling process, which has one thread, into new namespaces: CLONE_NEWUSER and maybe
// others. Its user is root there. Return: whether the kernel allowed that.
bool unshare_as_root(int flags);

}  // namespace xpoll::attack
