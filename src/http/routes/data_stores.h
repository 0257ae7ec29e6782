// Data stores and their records (rest-api §12). Access: any signed-in user, to his own stores; others' are not found.
#pragma once

#include <functional>
#include <vector>

#include "datastores/data_stores.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

struct DataStoreParts {
  store::Store& store;
  const datastores::DataStores& dataStores;
  // Stores what listening components are due, in the unit of the change; what it gives is run after the commit. May be empty.
  using AfterCommit = std::function<void()>;
  std::function<AfterCommit(store::Transaction&, const std::vector<datastores::ListenerCall>&)> listeners;
};

// What the parts name must outlive the router.
void addDataStoreRoutes(Router& router, DataStoreParts parts);

}  // namespace patchbay::http
