// Which names a bundle's files may have: what a zip says is checked here before a byte is written.
//
// Threads: free functions; EntryNames is not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace patchbay::connectors {

inline constexpr std::size_t kMaxNameBytes = 1024;
inline constexpr std::size_t kMaxSegmentBytes = 255;
inline constexpr std::size_t kMaxNameDepth = 40;

// A name as it may be shown: control characters and bytes that are no UTF-8 are escaped, long ones
// cut.
std::string shownName(std::string_view name);

// Checks one name alone: UTF-8, no control characters, relative, no "..", no backslash or drive
// letter, not too long or deep. A trailing slash marks a folder. kBundleRefused names the entry.
base::Status checkEntryName(std::string_view name);

// Checks names against each other: no duplicates, no two that differ in case only (folders too),
// nothing both file and folder.
class EntryNames {
 public:
  base::Status add(std::string_view name);

 private:
  base::Status addFolder(std::string_view folder, std::string_view name);

  std::map<std::string, std::string> folded_;  // ASCII lower case → as written
  std::set<std::string, std::less<>> files_;
  std::set<std::string, std::less<>> folders_;
  std::set<std::string, std::less<>> folderEntries_;
};

}  // namespace patchbay::connectors
