#include "connectors/percent_decoding.h"

namespace patchbay::connectors {
namespace {

int hexDigit(char character) {
  const std::string_view digits = "0123456789abcdef";
  const char lower =
      character >= 'A' && character <= 'F' ? static_cast<char>(character + ('a' - 'A')) : character;
  const std::size_t at = digits.find(lower);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string percentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hexDigit(text[at + 1]) : -1;
    const int low = high < 0 ? -1 : hexDigit(text[at + 2]);
    decoded += low < 0 ? text[at] : static_cast<char>(high * 16 + low);
    at += low < 0 ? 0 : 2;
  }
  return decoded;
}

}  // namespace patchbay::connectors
