#include "http/text_pattern.h"

#include <string>
#include <vector>

namespace patchbay::http {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Atom {
  enum class Kind { kChar, kAny, kAnything } kind = Kind::kChar;
  char c = 0;
};

std::vector<Atom> atomsOf(std::string_view pattern) {
  std::vector<Atom> atoms;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      atoms.push_back({Atom::Kind::kChar, lower(pattern[++i])});
    } else if (pattern[i] != '.') {
      atoms.push_back({Atom::Kind::kChar, lower(pattern[i])});
    } else if (i + 1 < pattern.size() && pattern[i + 1] == '*') {
      atoms.push_back({Atom::Kind::kAnything, 0});
      ++i;
    } else {
      atoms.push_back({Atom::Kind::kAny, 0});
    }
  }
  return atoms;
}

// All of `text` against all of `atoms`, going back to the last "anything" only.
bool matchesWhole(std::string_view text, const std::vector<Atom>& atoms) {
  std::size_t t = 0, a = 0, starAtom = atoms.size(), starText = 0;
  while (t < text.size()) {
    if (a < atoms.size() && atoms[a].kind == Atom::Kind::kAnything) {
      starAtom = a++;
      starText = t;
    } else if (a < atoms.size() &&
               (atoms[a].kind == Atom::Kind::kAny || atoms[a].c == lower(text[t]))) {
      ++a;
      ++t;
    } else if (starAtom < atoms.size()) {
      a = starAtom + 1;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (a < atoms.size() && atoms[a].kind == Atom::Kind::kAnything) {
    ++a;
  }
  return a == atoms.size();
}

}  // namespace

bool containsText(std::string_view text, std::string_view part) {
  if (part.size() > text.size()) {
    return false;
  }
  for (std::size_t i = 0; i + part.size() <= text.size(); ++i) {
    std::size_t same = 0;
    while (same < part.size() && lower(text[i + same]) == lower(part[same])) {
      ++same;
    }
    if (same == part.size()) {
      return true;
    }
  }
  return false;
}

bool matchesPattern(std::string_view text, std::string_view pattern) {
  std::string whole;
  const bool fromStart = pattern.starts_with('^');
  const bool toEnd = pattern.ends_with('$') && !pattern.ends_with("\\$");
  if (fromStart) {
    pattern.remove_prefix(1);
  } else {
    whole = ".*";
  }
  if (toEnd && !pattern.empty()) {
    pattern.remove_suffix(1);
  }
  whole += pattern;
  if (!toEnd) {
    whole += ".*";
  }
  return matchesWhole(text, atomsOf(whole));
}

}  // namespace patchbay::http
