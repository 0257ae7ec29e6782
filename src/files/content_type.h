// The content type that a file name suggests.
#pragma once

#include <string_view>

namespace patchbay::files {

// By extension without regard to case; application/octet-stream when unknown.
std::string_view contentTypeOf(std::string_view filename);

}  // namespace patchbay::files
