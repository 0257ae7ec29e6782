// Static calls (rest-api §7.9). Access: any signed-in user who may use the connector; private components are callable. The account is that of
// the component that asks, in a flow the caller may change: who only reads a flow may not act by its accounts.
#pragma once

#include "access/acl.h"
#include "engine/static_calls.h"
#include "flows/flows.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

struct StaticCallParts {
  engine::StaticCalls& calls;
  const access::Acl& acl;
  store::Store& store;
  flows::Flows& flows;
};

// What the parts name must outlive the router.
void addStaticCallRoute(Router& router, StaticCallParts parts);

}  // namespace patchbay::http
