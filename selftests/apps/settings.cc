// SPDX-License-Identifier: GPL-2.0-only
#include "apps/settings.h"

namespace xpoll_test {
namespace {

AppSettings settings;

}  // namespace

void setAppSettings(const AppSettings& value) { settings = value; }

const AppSettings& appSettings() { return settings; }

}  // namespace xpoll_test
