// Which flows use a component, a module or a connector (rest-api §20.1). Reads the index rows that
// follow every write of a flow: the types there are, which are few, then the rows of those that
// match, then the flows of these rows without their documents.
//
// Threads: safe from any thread, blocks on reads. Includes components whose connector is gone: that
// is when it is needed most.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <set>
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

// Flow id → its types that match; an empty `componentType` matches all.
using TypesByFlow = std::map<std::string, std::set<std::string>, std::less<>>;
TypesByFlow flowsUsing(store::Transaction& rows, std::string_view componentType);

// running or stopped: what "starting" and "stopping" count as, so that the two part all flows.
std::string_view shownStage(std::string_view stored);

}  // namespace patchbay::flows
