// A flow as clients see it, and which of the fields they send are kept (rest-api §8.2, §8.4).
//
// There is one serialisation, for a list and for one flow: the same fields in the same order,
// because a client compares the two as text. `sharedWith`, `customFields` and the free fields that
// were never written are absent, never null or empty. Threads: pure functions, safe from any
// thread.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string_view>

#include "access/caller.h"
#include "base/result.h"
#include "flows/descriptor.h"
#include "store/flows.h"

namespace patchbay::connectors {
class Registry;
}

namespace patchbay::flows {

// Merges what a client sent into a document as the store keeps it. Read-only fields and unknown
// ones are ignored; so are `customFields: null`, `sharedWith: null`, `name: null` and `flow: null`.
// `flow` and `customFields` are replaced as a whole. kInvalid names the field; `document` may then
// be half merged: drop it. Does not look into `flow`.
base::Status mergeWrite(const boost::json::object& body, boost::json::object& document);

// Puts `version` of each component to the newest installed one of its type, in place or at the end;
// a type that is not installed is left as it is. Nothing else changes (R13).
void resolveVersions(boost::json::value& flow, const connectors::Registry& registry);

// The flow on the wire. `viewer`: one it is shared with sees only his own entries of sharedWith;
// null = all.
boost::json::object wireFlow(const store::FlowRecord& record, const access::Caller* viewer);

// A flow as the engine runs it: its row, its document and the graph, read once.
struct LoadedFlow {
  store::FlowRecord record;      // without `document`
  boost::json::object document;  // without `flow`, which is in `descriptor`
  std::shared_ptr<const Descriptor> descriptor;

  const boost::json::value* customFields() const;  // an object, or nothing
};
base::Result<std::shared_ptr<const LoadedFlow>> loadFlow(store::FlowRecord record);

}  // namespace patchbay::flows
