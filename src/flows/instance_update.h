// What an integration's instance becomes when its template has changed (rest-api §9.1;
// docs/decisions/0045).
//
// Threads: pure but for `random`.
#pragma once

#include <boost/json/value.hpp>

#include "base/random.h"
#include "store/flows.h"

namespace patchbay::flows {

// The fields to write (as PUT /flows/:id): flow, wizard, componentIdMap, revision. Components keep
// the ids that the instance's componentIdMap gave them, so its accounts and state stay; what the
// user filled in at a place that a field of the template's wizard names stays too, where the new
// descriptor still has that place.
boost::json::object instanceUpdate(const store::FlowRecord& templateFlow,
                                   const store::FlowRecord& instance, base::Random& random);

}  // namespace patchbay::flows
