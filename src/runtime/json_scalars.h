// The parts of JSON's grammar that simdjson leaves unchecked in text it skips.
//
// Threads: safe from any thread.
#pragma once

#include <span>
#include <string_view>

namespace patchbay::runtime {

// A number as JSON has it, of any size.
bool isJsonNumber(std::string_view text);

// `content`: between the quotes. Escapes must be JSON's; half a surrogate pair is overwritten with
// \ufffd, which is as long.
bool repairJsonString(std::span<char> content);

}  // namespace patchbay::runtime
