// What is wrong with a flow, component by component (rest-api §8.6, §8.10; docs/formats/flow.md).
//
// Pure over the graph, the installed connectors and the facts given; safe from any thread. Two
// questions, one list of rules: `validate` asks for all problems, a start only for those with which
// it could not work. Not known here: what a dynamic out port (`source`) offers; any path below one
// passes.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/acl.h"
#include "access/caller.h"
#include "base/result.h"
#include "connectors/registry.h"
#include "flows/descriptor.h"
#include "store/store.h"

namespace patchbay::flows {

// Frozen: `keyword` on the wire.
enum class ProblemKind : std::uint8_t {
  kMissingComponent,  // its type is not installed
  kBrokenComponent,   // installed, does not load
  kForbidden,         // the one who starts may not use it (R28)
  kMissingAccount,    // needs an account, has none
  kMissingField,      // a required input or property that nothing fills
  kMalformed,         // a transform that cannot work: wrong in port or shape
  kInvalidVariable,   // names no ancestor, or a path its port does not offer
  kMaxConnections,    // more links than the in port takes
  kUnknownPort,       // a link that will never carry a message
  kEmptyField,        // a required input that is "" or null; may still pass at run time
  kUnknownKey,        // a member of the component that means nothing here
};

std::string_view keyword(ProblemKind kind);
// A start is refused for these, also without FLOW_VALIDATE_BEFORE_START.
bool blocksStart(ProblemKind kind);

struct Problem {
  ProblemKind kind = ProblemKind::kMissingComponent;
  std::string componentId;
  std::string componentType;
  std::string message;
};

// What the rules need beside graph and connectors.
struct Facts {
  std::set<std::string, std::less<>> withAccount;            // component ids that have an account
  std::function<bool(const connectors::Component&)> mayUse;  // empty = everything
};

// In the order of the components, bounded.
std::vector<Problem> validate(const Descriptor& flow, const connectors::Registry& registry,
                              const Facts& facts);

// {"errors": [{componentId, componentType, errors: [{message, keyword}]}]}
boost::json::object validationBody(const std::vector<Problem>& problems);

// A start with these problems. `all`: FLOW_VALIDATE_BEFORE_START. kForbidden or kInvalid with data
// [{componentId, componentType, errors: [{message}]}]; the message tells the first.
base::Status startVerdict(const std::vector<Problem>& problems, bool all);

// Component ids of a flow that have an account.
std::set<std::string, std::less<>> componentsWithAccount(store::Transaction& rows,
                                                         std::string_view flowId);

// The facts of a stored flow for one caller. `acl` must outlive them.
Facts factsOf(store::Transaction& rows, std::string_view flowId, const access::Acl& acl,
              const access::Caller& caller);

}  // namespace patchbay::flows
