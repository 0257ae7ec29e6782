// %41 is A. What is no escape stays as it is.
//
// Threads: a free function.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::connectors {

std::string percentDecoded(std::string_view text);

}  // namespace patchbay::connectors
