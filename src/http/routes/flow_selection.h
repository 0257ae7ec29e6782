// The parameters of GET /flows that choose flows by more than their documents (rest-api §8.1,
// rulings R26, docs/decisions/0055): filter=userId:<id> or userId:*, componentType=, stage=,
// filter=attention:true|false; each of them as a filter too.
#pragma once

#include "base/result.h"
#include "flows/flow_selection.h"
#include "http/route.h"

namespace patchbay::http {

// Takes them out of the request's query, so that no list query looks for them in the documents; a
// filter with an operator stays there. kInvalid: a stage or an attention that is none.
base::Result<flows::FlowSelection> takeFlowSelection(Request& request);

}  // namespace patchbay::http
