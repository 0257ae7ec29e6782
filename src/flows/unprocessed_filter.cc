#include "flows/unprocessed_filter.h"

#include <array>
#include <utility>

#include "base/clock.h"
#include "base/json.h"

namespace patchbay::flows {

namespace {

using Member = std::pair<const char*, std::string UnprocessedFilter::*>;

constexpr std::size_t kMostIds = 10'000;
constexpr std::size_t kLongestText = 500;
constexpr std::array<Member, 5> kTexts = {Member{"flowId", &UnprocessedFilter::flowId},
                                          Member{"componentId", &UnprocessedFilter::componentId},
                                          Member{"componentType", &UnprocessedFilter::componentType},
                                          Member{"connector", &UnprocessedFilter::connector},
                                          Member{"error", &UnprocessedFilter::error}};

base::Error wrong(std::string_view member, const std::string& rule) {
  return base::fail(base::Code::kInvalid, "\"" + std::string(member) + "\" must be " + rule + ". Nothing was changed.");
}

base::Status readTime(std::string_view member, const json::value& value, std::int64_t& into) {
  if (value.is_number()) {
    into = value.to_number<std::int64_t>();
    return {};
  }
  const auto time = value.is_string() ? base::parseIso(value.get_string()) : std::nullopt;
  if (!time) {
    return wrong(member, "a time such as 2026-03-01T15:00:00.000Z, or milliseconds since 1970");
  }
  into = base::toMillis(*time);
  return {};
}

base::Status readIds(const json::value& value, std::set<std::string>& ids) {
  const json::array* list = value.if_array();
  if (list == nullptr || list->empty() || list->size() > kMostIds) {
    return wrong("ids", "an array of 1 to 10000 ids of unprocessed messages");
  }
  for (const json::value& id : *list) {
    if (!id.is_string()) {
      return wrong("ids", "an array of texts");
    }
    ids.emplace(id.get_string());
  }
  return {};
}

base::Status readText(const json::value& value, const Member& member, UnprocessedFilter& filter) {
  if (!value.is_string() || value.get_string().empty() || value.get_string().size() > kLongestText) {
    return wrong(member.first, "a text of 1 to 500 bytes");
  }
  filter.*member.second = value.get_string();
  return {};
}

base::Status readMember(std::string_view name, const json::value& value, UnprocessedFilter& filter) {
  for (const Member& member : kTexts) {
    if (name == member.first) {
      return readText(value, member, filter);
    }
  }
  if (name == "from") {
    return readTime(name, value, filter.from);
  }
  if (name == "to") {
    return readTime(name, value, filter.to);
  }
  if (name == "ids") {
    return readIds(value, filter.ids);
  }
  return base::fail(base::Code::kInvalid, "The filter has no member \"" + std::string(name) +
                                              "\"; it knows flowId, componentId, componentType, connector, error, from, to and ids. "
                                              "Nothing was changed.");
}

std::string errorText(const store::UnprocessedRecord& record) {
  const json::value document = json::parseOwn(record.document);
  const json::value* err = json::find(document, "err");
  return err == nullptr ? "" : err->is_string() ? std::string(err->get_string()) : json::write(*err);
}

}  // namespace

base::Result<UnprocessedFilter> UnprocessedFilter::parse(const json::object& document) {
  if (document.empty()) {
    return base::fail(base::Code::kInvalid,
                      "The filter is empty. Name at least one of flowId, componentId, componentType, connector, error, from, to "
                      "and ids; {\"from\": 0} means all. Nothing was changed.");
  }
  UnprocessedFilter filter;
  for (const auto& [name, value] : document) {
    if (base::Status read = readMember(name, value, filter); !read) {
      return read.error();
    }
  }
  return filter;
}

json::object UnprocessedFilter::document() const {
  json::object out;
  for (const Member& member : kTexts) {
    if (!(this->*member.second).empty()) {
      out[member.first] = this->*member.second;
    }
  }
  out["from"] = from;
  if (to != 0) {
    out["to"] = to;
  }
  if (!ids.empty()) {
    out["ids"] = json::toArray({ids.begin(), ids.end()});
  }
  return out;
}

bool UnprocessedFilter::admits(const store::UnprocessedRecord& record) const {
  const auto is = [](const std::string& wanted, const std::string& stored) { return wanted.empty() || wanted == stored; };
  const bool below = connector.empty() || record.componentType.starts_with(connector + ".");
  return is(flowId, record.flowId) && is(componentId, record.componentId) && is(componentType, record.componentType) && below &&
         record.created >= from && (to == 0 || record.created < to) && (ids.empty() || ids.contains(record.messageId)) &&
         (error.empty() || errorText(record).find(error) != std::string::npos);
}

}  // namespace patchbay::flows
