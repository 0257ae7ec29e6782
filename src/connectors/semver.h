// Versions of bundles and the ranges they ask of the engine, in the grammar npm uses.
//
// Threads: plain values, free functions.
// Source of the format: docs/formats/bundle.md §4.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::connectors {

// The version that bundles' `engine` ranges are matched against (R32).
inline constexpr std::string_view kEngineVersion = "6.4.0";

struct Version {
  std::uint64_t major = 0, minor = 0, patch = 0;
  std::vector<std::string> prerelease;  // "rc.1" → rc, 1

  std::string text() const;
  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const;
};

// "1.2.3", "1.2.3-rc.1+build"; a leading v is accepted. Nothing when it is no version.
std::optional<Version> parseVersion(std::string_view text);

class Range {
 public:
  // ">=6.0", "^1.2 || ~2.0.1", "1.x", "1.2 - 2.3", "*"; nothing when it cannot be read.
  static std::optional<Range> parse(std::string_view text);
  bool contains(const Version& version) const;

 private:
  enum class Op : std::uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual, kEqual };
  struct Comparator {
    Op op = Op::kEqual;
    Version version;
  };
  using Set = std::vector<Comparator>;  // all must hold

  static bool addSimple(std::string_view text, Set& set);
  static bool addHyphen(std::string_view low, std::string_view high, Set& set);
  static std::optional<Set> parseSet(std::string_view text);

  std::vector<Set> sets_;  // one must hold
};

}  // namespace patchbay::connectors
