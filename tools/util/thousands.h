// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <locale>

namespace xpoll {

/** A locale for fmt's "{:L}": "1,234,567", independent of the user's locale. */
const std::locale& thousands();

}  // namespace xpoll
