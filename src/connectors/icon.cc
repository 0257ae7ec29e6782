#include "connectors/icon.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "connectors/percent_decoding.h"

namespace patchbay::connectors {
namespace {

constexpr std::string_view kScheme = "data:";
constexpr std::size_t kMaxIconBytes = 1ULL << 20;
constexpr std::array<std::string_view, 6> kPictures = {"image/png",  "image/jpeg",    "image/gif",
                                                       "image/webp", "image/svg+xml", "image/jpg"};

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::optional<std::string> fromBase64(std::string_view text) {
  std::string packed;
  std::copy_if(text.begin(), text.end(), std::back_inserter(packed),
               [](unsigned char c) { return !std::isspace(c); });
  while (packed.ends_with('=')) {
    packed.pop_back();
  }
  const std::size_t padding = (4 - packed.size() % 4) % 4;
  packed.append(padding, '=');
  std::string bytes(packed.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(packed.data()),
                                   static_cast<int>(packed.size()));
  if (size < 0 || padding == 3) {
    return std::nullopt;
  }
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace

std::optional<Icon> readIcon(std::string_view dataUrl) {
  const std::size_t comma = dataUrl.find(',');
  if (dataUrl.size() > 2 * kMaxIconBytes || comma == std::string_view::npos ||
      lowerCase(dataUrl.substr(0, kScheme.size())) != kScheme) {
    return std::nullopt;
  }
  const std::string head = lowerCase(dataUrl.substr(kScheme.size(), comma - kScheme.size()));
  const std::string mime = head.substr(0, head.find(';'));
  if (std::find(kPictures.begin(), kPictures.end(), mime) == kPictures.end()) {
    return std::nullopt;
  }
  const std::string data = percentDecoded(dataUrl.substr(comma + 1));
  auto bytes = head.ends_with(";base64") ? fromBase64(data) : std::optional(data);
  if (!bytes || bytes->empty() || bytes->size() > kMaxIconBytes) {
    return std::nullopt;
  }
  return Icon{mime == "image/jpg" ? "image/jpeg" : mime, std::move(*bytes)};
}

}  // namespace patchbay::connectors
