// The corpus of real manifests, flows and raised versions, where it is at hand (a user's checkout
// has none): below PATCHBAY_SHARED, or in ../shared beside the sources. For tests, which link zlib.
#pragma once

#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"

namespace patchbay::base {

inline std::filesystem::path corpusFile(const std::string& name) {
  const char* shared = std::getenv("PATCHBAY_SHARED");
  const std::filesystem::path root =
      shared != nullptr ? std::filesystem::path(shared)
                        : std::filesystem::path(PATCHBAY_SOURCE_DIR) / ".." / "shared";
  return root / "corpus" / name;
}

// One JSON document a line, gzipped. Empty: the file is not there.
inline std::vector<json::value> corpusRows(const std::string& name) {
  std::vector<json::value> rows;
  gzFile file = gzopen(corpusFile(name).c_str(), "rb");
  if (file == nullptr) {
    return rows;
  }
  std::string text;
  std::vector<char> block(1 << 16);
  for (int n = 0; (n = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(n));
  }
  gzclose(file);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) {
      rows.push_back(json::parseOwn(std::string_view(text).substr(at, end - at)));
    }
    at = end + 1;
  }
  return rows;
}

}  // namespace patchbay::base
