// The two versions this server reports (R32).
#pragma once

#include <string_view>

namespace patchbay::app {

inline constexpr std::string_view kVersion = "0.1.0";         // ours
inline constexpr std::string_view kEngineVersion = "6.4.0";   // what `engine` ranges of bundles are matched against

}  // namespace patchbay::app
