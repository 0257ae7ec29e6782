#include "connectors/semver.h"

#include <algorithm>
#include <charconv>

namespace patchbay::connectors {
namespace {

constexpr std::size_t kMaxText = 256;
constexpr std::uint64_t kMaxNumber = 9007199254740991;  // what JavaScript counts exactly

bool isDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint64_t> parseNumber(std::string_view text) {
  if (!isDigits(text) || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || number > kMaxNumber) {
    return std::nullopt;
  }
  return number;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const std::size_t at = text.find(separator, from);
    parts.push_back(text.substr(from, at == std::string_view::npos ? at : at - from));
    if (at == std::string_view::npos) {
      return parts;
    }
    from = at + 1;
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

bool isIdentifier(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

std::optional<std::vector<std::string>> parsePrerelease(std::string_view text) {
  std::vector<std::string> parts;
  for (const auto part : split(text, '.')) {
    if (!isIdentifier(part) || (isDigits(part) && !parseNumber(part))) {
      return std::nullopt;
    }
    parts.emplace_back(part);
  }
  return parts;
}

std::strong_ordering comparePart(const std::string& left, const std::string& right) {
  const auto leftNumber = parseNumber(left);
  const auto rightNumber = parseNumber(right);
  if (leftNumber && rightNumber) {
    return *leftNumber <=> *rightNumber;
  }
  if (leftNumber.has_value() != rightNumber.has_value()) {
    return leftNumber ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return left.compare(right) <=> 0;
}

// A version of which trailing parts may be missing or x.
struct Partial {
  std::vector<std::uint64_t> numbers;  // 0 to 3
  std::vector<std::string> prerelease;

  Version floor() const {
    Version version;
    version.major = !numbers.empty() ? numbers[0] : 0;
    version.minor = numbers.size() > 1 ? numbers[1] : 0;
    version.patch = numbers.size() > 2 ? numbers[2] : 0;
    version.prerelease = prerelease;
    return version;
  }
  bool isFull() const { return numbers.size() == 3; }
};

bool isWildcard(std::string_view part) {
  return part == "x" || part == "X" || part == "*";
}

std::optional<Partial> parsePartial(std::string_view text) {
  Partial partial;
  if (!text.empty() && (text.front() == 'v' || text.front() == '=')) {
    text.remove_prefix(1);
  }
  text = text.substr(0, text.find('+'));
  const std::size_t dash = text.find('-');
  const auto parts = split(text.substr(0, dash), '.');
  if (text.empty() || parts.size() > 3) {
    return text.empty() ? std::optional(partial) : std::nullopt;
  }
  bool open = false;
  for (const auto part : parts) {
    const auto number = parseNumber(part);
    if (!number && !isWildcard(part)) {
      return std::nullopt;
    }
    open = open || !number;
    if (!open) {
      partial.numbers.push_back(*number);
    }
  }
  if (dash != std::string_view::npos && partial.isFull()) {
    auto prerelease = parsePrerelease(text.substr(dash + 1));
    if (!prerelease) {
      return std::nullopt;
    }
    partial.prerelease = std::move(*prerelease);
  }
  return partial;
}

// The first version after all that share the first `kept` numbers; its "-0" keeps pre-releases out.
Version nextAfter(const Partial& partial, std::size_t kept) {
  Version next = partial.floor();
  next.prerelease = {"0"};
  if (kept == 1) {
    next.minor = next.patch = 0;
    ++next.major;
  } else if (kept == 2) {
    next.patch = 0;
    ++next.minor;
  } else {
    ++next.patch;
  }
  return next;
}

std::size_t caretKeeps(const Partial& partial) {
  for (std::size_t i = 0; i < partial.numbers.size(); ++i) {
    if (partial.numbers[i] != 0) {
      return i + 1;
    }
  }
  return partial.numbers.size();
}

}  // namespace

std::string Version::text() const {
  std::string out =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  for (std::size_t i = 0; i < prerelease.size(); ++i) {
    out += (i == 0 ? "-" : ".") + prerelease[i];
  }
  return out;
}

bool Version::operator==(const Version& other) const {
  return (*this <=> other) == 0;
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (const auto order = major <=> other.major; order != 0) {
    return order;
  }
  if (const auto order = minor <=> other.minor; order != 0) {
    return order;
  }
  if (const auto order = patch <=> other.patch; order != 0) {
    return order;
  }
  if (prerelease.empty() || other.prerelease.empty()) {
    return prerelease.empty() <=>
           other.prerelease.empty();  // a release comes after its pre-releases
  }
  for (std::size_t i = 0; i < std::min(prerelease.size(), other.prerelease.size()); ++i) {
    if (const auto order = comparePart(prerelease[i], other.prerelease[i]); order != 0) {
      return order;
    }
  }
  return prerelease.size() <=> other.prerelease.size();
}

std::optional<Version> parseVersion(std::string_view text) {
  text = trim(text);
  if (text.size() > kMaxText || text.empty() || text.front() == '=') {
    return std::nullopt;
  }
  const auto partial = parsePartial(text);
  if (!partial || !partial->isFull()) {
    return std::nullopt;
  }
  return partial->floor();
}

bool Range::addSimple(std::string_view text, Set& set) {
  const auto startsWith = [&text](std::string_view prefix) {
    if (!text.starts_with(prefix)) {
      return false;
    }
    text.remove_prefix(prefix.size());
    text = trim(text);
    return true;
  };
  const bool caret = startsWith("^");
  const bool tilde = !caret && (startsWith("~>") || startsWith("~"));
  const bool greaterEqual = startsWith(">=");
  const bool lessEqual = !greaterEqual && startsWith("<=");
  const bool greater = !greaterEqual && !lessEqual && startsWith(">");
  const bool less = !greaterEqual && !lessEqual && !greater && startsWith("<");
  const auto partial = parsePartial(text);
  if (!partial) {
    return false;
  }
  const std::size_t given = partial->numbers.size();
  const Version floor = partial->floor();
  if (given == 0) {  // "*": everything; "<*" and ">*": nothing
    set.push_back(greater || less ? Comparator{Op::kLess, Version{0, 0, 0, {"0"}}}
                                  : Comparator{Op::kGreaterEqual, floor});
  } else if (caret || tilde) {
    set.push_back({Op::kGreaterEqual, floor});
    set.push_back({Op::kLess, nextAfter(*partial, caret ? caretKeeps(*partial)
                                                        : std::min<std::size_t>(given, 2))});
  } else if (greaterEqual || less) {
    set.push_back({greaterEqual ? Op::kGreaterEqual : Op::kLess, floor});
  } else if (greater || lessEqual) {
    Version edge = partial->isFull() ? floor : nextAfter(*partial, given);
    if (greater && !partial->isFull()) {
      edge.prerelease.clear();
    }
    set.push_back({greater ? (partial->isFull() ? Op::kGreater : Op::kGreaterEqual)
                           : (partial->isFull() ? Op::kLessEqual : Op::kLess),
                   edge});
  } else if (partial->isFull()) {
    set.push_back({Op::kEqual, floor});
  } else {
    set.push_back({Op::kGreaterEqual, floor});
    set.push_back({Op::kLess, nextAfter(*partial, given)});
  }
  return true;
}

bool Range::addHyphen(std::string_view low, std::string_view high, Set& set) {
  return addSimple(">=" + std::string(low), set) && addSimple("<=" + std::string(high), set);
}

std::optional<Range::Set> Range::parseSet(std::string_view text) {
  Set set;
  text = trim(text);
  if (const std::size_t hyphen = text.find(" - "); hyphen != std::string_view::npos) {
    const bool read = addHyphen(trim(text.substr(0, hyphen)), trim(text.substr(hyphen + 3)), set);
    return read ? std::optional(set) : std::nullopt;
  }
  if (text.empty()) {
    text = "*";
  }
  std::string pending;  // an operator that stood apart from its version: ">= 6.0"
  for (const auto word : split(text, ' ')) {
    if (word.empty()) {
      continue;
    }
    pending += word;
    if (word.find_first_not_of("<>=~^") == std::string_view::npos) {
      continue;
    }
    if (!addSimple(pending, set)) {
      return std::nullopt;
    }
    pending.clear();
  }
  return pending.empty() ? std::optional(set) : std::nullopt;
}

std::optional<Range> Range::parse(std::string_view text) {
  if (text.size() > kMaxText) {
    return std::nullopt;
  }
  Range range;
  for (std::size_t from = 0;;) {
    const std::size_t at = text.find("||", from);
    auto set = parseSet(text.substr(from, at == std::string_view::npos ? at : at - from));
    if (!set) {
      return std::nullopt;
    }
    range.sets_.push_back(std::move(*set));
    if (at == std::string_view::npos) {
      return range;
    }
    from = at + 2;
  }
}

bool Range::contains(const Version& version) const {
  const auto holds = [&version](const Comparator& comparator) {
    switch (comparator.op) {
      case Op::kLess:
        return version < comparator.version;
      case Op::kLessEqual:
        return version <= comparator.version;
      case Op::kGreater:
        return version > comparator.version;
      case Op::kGreaterEqual:
        return version >= comparator.version;
      case Op::kEqual:
        return version == comparator.version;
    }
    return false;
  };
  // A pre-release only counts where the range names one of the same release.
  const auto names = [&version](const Comparator& comparator) {
    return !comparator.version.prerelease.empty() &&
           comparator.version.prerelease != std::vector<std::string>{"0"} &&
           comparator.version.major == version.major && comparator.version.minor == version.minor &&
           comparator.version.patch == version.patch;
  };
  return std::any_of(sets_.begin(), sets_.end(), [&](const Set& set) {
    return std::all_of(set.begin(), set.end(), holds) &&
           (version.prerelease.empty() || std::any_of(set.begin(), set.end(), names));
  });
}

}  // namespace patchbay::connectors
