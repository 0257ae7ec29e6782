#include "connectors/entry_name.h"

#include <algorithm>

namespace patchbay::connectors {
namespace {

base::Error refuse(std::string_view name, std::string_view why) {
  return base::fail(base::Code::kBundleRefused,
                    "The archive was refused: entry \"" + shownName(name) + "\" " +
                        std::string(why) +
                        ". Nothing was installed; pack the bundle again without it.");
}

// Length of the UTF-8 character at the start of `text`, 0 when it is none. Sets `point`.
std::size_t decode(std::string_view text, char32_t& point) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size()) {
    return 0;
  }
  static constexpr char32_t kMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  static constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  point = first & kMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) {
      return 0;
    }
    point = (point << 6) | (next & 0x3F);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < kLeast[length] || point > 0x10FFFF || surrogate ? 0 : length;
}

// Control characters, and those that turn the direction of text around them.
bool isControl(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x2028 || point == 0x2029;
}

base::Status checkCharacters(std::string_view name) {
  for (std::string_view rest = name; !rest.empty();) {
    char32_t point = 0;
    const std::size_t length = decode(rest, point);
    if (length == 0) {
      return refuse(name, "has a name that is not UTF-8");
    }
    if (isControl(point)) {
      return refuse(name, "has a control character in its name");
    }
    rest.remove_prefix(length);
  }
  return {};
}

base::Status checkSegments(std::string_view name) {
  std::string_view path = name;
  if (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  std::size_t depth = 0;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t slash = std::min(path.find('/', from), path.size());
    const std::string_view segment = path.substr(from, slash - from);
    if (segment == "..") {
      return refuse(name, "leads out of the archive (\"..\")");
    }
    if (segment.empty() || segment == ".") {
      return refuse(name, "has an empty or \".\" part in its name");
    }
    if (segment.size() > kMaxSegmentBytes) {
      return refuse(name, "has a part longer than " + std::to_string(kMaxSegmentBytes) + " bytes");
    }
    ++depth;
    from = slash + 1;
  }
  if (depth > kMaxNameDepth) {
    return refuse(name, "lies more than " + std::to_string(kMaxNameDepth) + " folders deep");
  }
  return {};
}

std::string fold(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::string shownName(std::string_view name) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::string_view rest = name; !rest.empty();) {
    if (out.size() > 200) {
      return out + "…";
    }
    char32_t point = 0;
    const std::size_t length = decode(rest, point);
    if (length != 0 && !isControl(point)) {
      out.append(rest.substr(0, length));
    } else {
      const auto byte = static_cast<unsigned char>(rest.front());
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
    rest.remove_prefix(length != 0 && !isControl(point) ? length : 1);
  }
  return out;
}

base::Status checkEntryName(std::string_view name) {
  if (name.empty()) {
    return refuse(name, "has no name");
  }
  if (name.size() > kMaxNameBytes) {
    return refuse(name, "has a name longer than " + std::to_string(kMaxNameBytes) + " bytes");
  }
  if (auto status = checkCharacters(name); !status) {
    return status;
  }
  if (name.find('\\') != std::string_view::npos) {
    return refuse(name, "has a backslash in its name");
  }
  if (name.front() == '/') {
    return refuse(name, "has an absolute path");
  }
  if (name.size() >= 2 && name[1] == ':') {
    return refuse(name, "begins with a drive letter");
  }
  return checkSegments(name);
}

base::Status EntryNames::addFolder(std::string_view folder, std::string_view name) {
  if (files_.contains(folder)) {
    return refuse(name, "lies below \"" + shownName(folder) + "\", which is a file");
  }
  if (!folders_.emplace(folder).second) {
    return {};
  }
  const auto [at, isNew] = folded_.emplace(fold(folder), folder);
  if (!isNew) {
    return refuse(name,
                  "differs only in upper and lower case from \"" + shownName(at->second) + "\"");
  }
  return {};
}

base::Status EntryNames::add(std::string_view name) {
  const bool isFolder = name.ends_with('/');
  const std::string_view path = isFolder ? name.substr(0, name.size() - 1) : name;
  for (std::size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    if (auto status = addFolder(path.substr(0, at), name); !status) {
      return status;
    }
  }
  if (isFolder) {
    if (!folderEntries_.emplace(path).second) {
      return refuse(name, "is there twice");
    }
    return addFolder(path, name);
  }
  if (files_.contains(path)) {
    return refuse(name, "is there twice");
  }
  if (folders_.contains(path)) {
    return refuse(name, "is both a file and a folder");
  }
  const auto [at, isNew] = folded_.emplace(fold(path), path);
  if (!isNew) {
    return refuse(name,
                  "differs only in upper and lower case from \"" + shownName(at->second) + "\"");
  }
  files_.emplace(path);
  return {};
}

}  // namespace patchbay::connectors
