// SPDX-License-Identifier: GPL-2.0-only
#include "thousands.h"

namespace xpoll {
namespace {

struct Commas : std::numpunct<char> {
  char do_thousands_sep() const override { return ','; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

const std::locale& thousands() {
  static const std::locale grouped(std::locale::classic(), new Commas);
  return grouped;
}

}  // namespace xpoll
