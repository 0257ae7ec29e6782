// The payload of WEBHOOK_FLOW_STOPPED (rest-api §26, R27): a flow that the system stopped, why, and
// what its owner has to do.
//
// Never sent for a person's own stop.
// Threads: pure function.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "system_webhooks/event.h"

namespace patchbay::system_webhooks {

struct FlowStopped {
  std::string flowId, flowName, userId, email;
  std::string type = "automation";
  std::string reason;     // connectorUpdate, connectorRemove, componentError, accountRemoved,
                          // userRemoved, component, system
  std::string stoppedBy;  // user id; empty = nobody
  std::string componentId, componentType, connector;  // empty = does not apply
  boost::json::value err = nullptr;
  boost::json::object customFields;
  std::string designerUrl;
  std::string from, to;                   // versions; empty = does not apply
  boost::json::array breakingChanges;     // texts
  boost::json::array affectedComponents;  // {componentId, type, changes}
  boost::json::array actionRequired;      // {kind, componentId, field | service, message}
  std::string created;                    // ISO
};

Event flowStopped(const FlowStopped& stopped);

}  // namespace patchbay::system_webhooks
