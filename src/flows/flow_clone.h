// Gives a copied flow ids of its own: every component a new one, and every reference to an old one
// rewritten.
//
// Rewritten: keys of the flow, of `source` and of transforms; variable paths ("$.<id>.…") and
// wizard paths in any text; and, where an id is a UUID, the id as a whole word in any text or key.
// Ids that are ordinary words are rewritten only where they are certainly references. Threads: pure
// but for `random`.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>

#include "base/random.h"

namespace patchbay::flows {

using IdMap = std::map<std::string, std::string, std::less<>>;  // old id → new id

// New ids for every component of `flow`, in its order.
IdMap newComponentIds(const boost::json::value& flow, base::Random& random);

// The flow with new ids. `flowIds`: the flow's own old and new id, rewritten in texts too.
boost::json::value rewriteFlow(const boost::json::value& flow, const IdMap& components,
                               const IdMap& flowIds);
// Any other part of the document (wizard).
boost::json::value rewriteTexts(const boost::json::value& part, const IdMap& components,
                                const IdMap& flowIds);

}  // namespace patchbay::flows
