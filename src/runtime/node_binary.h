// Finds the Node binary (architecture.md §3): the one named, else the system's from major version
// 22 on, else the one that npm has put into runtime-js.
//
// Threads: blocks for some milliseconds (asks binaries for their version); at start only.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace patchbay::runtime {

inline constexpr int kLeastNodeMajor = 22;

// `named`: --node or PATCHBAY_NODE, empty when not given. kUnavailable: none that will do; the
// message says how to get one.
base::Result<std::filesystem::path> findNode(std::string_view named,
                                             const std::filesystem::path& runtimeFolder);

// "v24.21.0" → 24.
std::optional<int> nodeMajor(std::string_view version);

}  // namespace patchbay::runtime
