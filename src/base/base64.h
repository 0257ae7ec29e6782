// Base64 with padding, as it stands in frames and JSON.
//
// Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::base {

std::string toBase64(std::string_view bytes);
// Nothing: it is none.
std::optional<std::string> fromBase64(std::string_view text);

}  // namespace patchbay::base
