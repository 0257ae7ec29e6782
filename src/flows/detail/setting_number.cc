#include "flows/detail/setting_number.h"

#include <charconv>

#include "store/settings.h"

namespace patchbay::flows {

std::int64_t settingNumber(store::Transaction& rows, std::string_view key, std::int64_t absent) {
  const auto text = rows.settings().get("config", key);
  if (!text) {
    return absent;
  }
  std::string_view digits = *text;
  if (digits.size() > 2 && digits.front() == '"') {
    digits = digits.substr(1, digits.size() - 2);
  }
  std::int64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc() && number > 0 ? number : absent;
}

}  // namespace patchbay::flows
