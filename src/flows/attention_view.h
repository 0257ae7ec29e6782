// What a flow's owner has to do, as clients see it (rulings R26).
//
// Threads: pure functions over the rows of a transaction.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "store/store.h"

namespace patchbay::flows {

// Sets `attention` of a flow on the wire: [{"code","connector","componentId","field"|"account",
// "message","since"}], oldest first. What does not apply is left out, the member too when there is
// nothing to do.
void addAttention(store::Transaction& rows, std::string_view flowId, boost::json::object& wire);

}  // namespace patchbay::flows
