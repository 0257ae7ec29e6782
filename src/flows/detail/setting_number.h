// A number of the system configuration, read in the unit that obeys it.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/store.h"

namespace patchbay::flows {

// 123 or "123"; anything else, and what is not set, counts as `absent`.
std::int64_t settingNumber(store::Transaction& rows, std::string_view key, std::int64_t absent);

}  // namespace patchbay::flows
