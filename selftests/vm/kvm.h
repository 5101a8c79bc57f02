// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::vm {

/**
 * Throws, saying why, unless /dev/kvm really runs a guest: a nested one may open and offer every
 * ioctl and yet not execute an instruction.
 */
void require_kvm();

}  // namespace xpoll::vm
