// SPDX-License-Identifier: GPL-2.0-only
#include "apps/settings.h"

namespace xpoll::test {
namespace {

AppSettings settings;

}  // namespace

void set_app_settings(const AppSettings& value) { settings = value; }

const AppSettings& app_settings() { return settings; }

}  // namespace xpoll::test
