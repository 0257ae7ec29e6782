#include "connectors/changelog.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/json.h"
#include "connectors/bundle_contract.h"

namespace patchbay::connectors {
namespace {

using Entries = std::map<Version, std::vector<std::string>>;

void addTexts(const json::value& words, std::vector<std::string>& texts) {
  if (words.is_string()) {
    texts.emplace_back(words.get_string());
  } else if (words.is_array()) {
    for (const json::value& word : words.get_array()) {
      addTexts(word, texts);
    }
  }
}

Entries read(const json::value& changelog, const Version& version) {
  Entries entries;
  if (!changelog.is_object()) {
    addTexts(changelog, entries[version]);
    return entries;
  }
  for (const auto& entry : changelog.get_object()) {
    if (const auto told = parseVersion(entry.key())) {
      addTexts(entry.value(), entries[*told]);
    }
  }
  return entries;
}

bool startsWith(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char wanted, char is) {
           return wanted == std::tolower(static_cast<unsigned char>(is));
         });
}

std::string_view withoutFront(std::string_view text, std::string_view characters) {
  const std::size_t from = text.find_first_not_of(characters);
  return from == std::string_view::npos ? std::string_view() : text.substr(from);
}

// "(breaking change) x", "[Breaking Change]: x", "(breaking) x", "Breaking change - x",
// "Breaking: x": x. A text that begins with the word as part of a sentence stays.
std::string_view withoutMark(std::string_view text) {
  std::string_view rest = withoutFront(text, " \t");
  const char open = rest.empty() ? '\0' : rest.front();
  const bool isBracketed = open == '(' || open == '[';
  rest = isBracketed ? rest.substr(1) : rest;
  if (!startsWith(rest, "breaking")) {
    return text;
  }
  rest.remove_prefix(std::string_view("breaking").size());
  for (const std::string_view word : {" changes", " change", "-change"}) {
    if (startsWith(rest, word)) {
      rest.remove_prefix(word.size());
      break;
    }
  }
  if (isBracketed && (rest.empty() || rest.front() != (open == '(' ? ')' : ']'))) {
    return text;
  }
  rest = isBracketed ? rest.substr(1) : withoutFront(rest, " ");
  const bool isMark =
      isBracketed || (!rest.empty() && (rest.front() == ':' || rest.front() == '-'));
  const std::string_view said = withoutFront(rest, " \t:-");
  return isMark && !said.empty() ? said : text;
}

json::object toJson(const Version& version, const std::vector<std::string>& texts,
                    bool isNewMajor) {
  json::array changes;
  bool isBreaking = isNewMajor;
  for (const std::string& text : texts) {
    const bool breaks = speaksOfBreaking(text);
    isBreaking = isBreaking || breaks;
    changes.push_back(json::object{{"text", breaks ? withoutMark(text) : std::string_view(text)},
                                   {"breaking", breaks}});
  }
  return {{"version", version.text()}, {"breaking", isBreaking}, {"changes", std::move(changes)}};
}

}  // namespace

json::array changelogEntries(const json::value& changelog, const Version& version,
                             const ChangelogRange& range) {
  std::vector<json::object> oldestFirst;
  bool isFirst = !range.above;  // nothing before it that it could break
  std::uint64_t major = range.above ? range.above->major : 0;
  for (const auto& [told, texts] : read(changelog, version)) {
    const bool isInRange =
        (!range.above || told > *range.above) && (!range.upTo || told <= *range.upTo);
    if (isInRange && !texts.empty()) {
      oldestFirst.push_back(toJson(told, texts, !isFirst && told.major > major));
    }
    if (!range.above || told >= *range.above) {
      major = told.major;
      isFirst = false;
    }
  }
  json::array out;
  for (auto entry = oldestFirst.rbegin(); entry != oldestFirst.rend(); ++entry) {
    out.push_back(std::move(*entry));
  }
  return out;
}

}  // namespace patchbay::connectors
