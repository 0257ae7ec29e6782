// Where components are used (rest-api §20.1).
#pragma once

#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

void addComponentUsageRoutes(Router& router, store::Store& store);

}  // namespace patchbay::http
