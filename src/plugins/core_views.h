// What a plugin sees of the server's own data, read only: db.coreCollection (component-runtime §9). No secret is among it.
//
// flows {flowId, userId, stage, name}; accounts {_id, accountId, userId, service, profileInfo}; accountComponent {accountId, componentId,
// flowId}; serviceState {key, value} of the plugin's own service. Other names: empty.
// Threads: within a store transaction.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace patchbay::plugins {

// {view, equal?: {field: text}, after?, limit} → as readDocuments.
base::Result<std::string> readCoreView(store::Transaction& tx, const std::string& service, const boost::json::object& arguments);

}  // namespace patchbay::plugins
