// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

#include "probes/top/row.h"
#include "probes/util/terminal.h"

namespace top {

const char* histogram_name(top_histogram which);

/// The histograms of each instance that has any, at most `columns` wide.
std::string histograms_of(const std::vector<Row>& rows, int columns,
                          const probes::Terminal& terminal);

}  // namespace top
