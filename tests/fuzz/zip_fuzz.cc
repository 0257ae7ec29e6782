// Archives from outside: whatever the bytes are, names that pass are safe, limits hold, and a
// layout stays below a service.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "connectors/bundle_layout.h"
#include "connectors/bundle_reader.h"
#include "connectors/entry_name.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

connectors::ZipLimits smallLimits() {
  connectors::ZipLimits limits;
  limits.entryBytes = 1 << 20;
  limits.unpackedBytes = 4 << 20;
  limits.entries = 500;
  limits.ratioFromBytes = 64 << 10;
  return limits;
}

void checkName(std::string_view name) {
  require(!name.empty() && name.front() != '/' && name.size() <= connectors::kMaxNameBytes);
  require(name.find('\\') == std::string_view::npos && name.find('\0') == std::string_view::npos);
  for (const std::string& part : connectors::pathParts(name)) {
    require(!part.empty() && part != ".." && part != ".");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const connectors::ZipLimits limits = smallLimits();
  const bool isZip = connectors::BundleReader::sniff(bytes, limits).has_value();
  auto reader = connectors::BundleReader::open(bytes, limits);
  require(isZip || !reader.has_value());
  if (!reader) {
    require(!reader.error().message.empty());
    return 0;
  }
  std::map<std::string, const connectors::BundleReader::Entry*> entries;
  std::vector<std::string> names;
  std::uint64_t total = 0;
  for (const auto& entry : reader->entries()) {
    checkName(entry.name);
    require(entries.emplace(entry.name, &entry).second);
    if (entry.isFolder) {
      continue;
    }
    names.push_back(entry.name);
    const auto text = reader->read(entry);
    total += text ? text->size() : 0;
    require(!text || text->size() <= limits.entryBytes);
  }
  require(total <= limits.unpackedBytes);
  const auto layout = connectors::layOut(
      names, [&](const std::string& name) { return reader->read(*entries.at(name)); });
  if (layout) {
    for (const auto& [path, name] : layout->files) {
      checkName(path);
      require(entries.contains(name) && connectors::pathParts(path).size() >= 3);
    }
  }
  return 0;
}
