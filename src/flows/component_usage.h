// Which flows use a component, a module or a connector (rest-api §20.1). Reads the index rows that
// follow every write of a flow.
//
// Threads: safe from any thread, blocks on reads. Includes components whose connector is gone: that
// is when it is needed most.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace patchbay::flows {

struct UsageQuery {
  enum class Group : std::uint8_t { kNone, kFlow, kUser };
  std::string componentType;  // whole dotted parts, anywhere in the type; empty = everything
  std::string stage;          // running, stopped; empty = both
  std::string userId;         // empty = everybody
  Group group = Group::kNone;
};

struct UsageRow {
  std::string flowId, userId, flowName;
  std::string stage;               // running (starting too) or stopped (stopping too)
  std::vector<std::string> types;  // one, or all of the group, sorted
};

// Sorted by flow (or user), then type.
base::Result<std::vector<UsageRow>> componentUsage(store::Store& store, const UsageQuery& query);

// {_id, type: "componentUsage", flowId, userId, value1, value2, componentTypes, flowName}
boost::json::object wireUsage(const UsageRow& row, UsageQuery::Group group);

// "trello" matches acme.trello.lists.CreateCard, "trell" does not; "acme:trello" is "acme.trello".
bool usesType(std::string_view componentType, std::string_view sought);

}  // namespace patchbay::flows
