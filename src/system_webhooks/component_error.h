// The payload of WEBHOOK_FLOW_COMPONENT_ERROR (rest-api §26, requirements S68): one attempt of a
// component that failed.
//
// Frozen: receivers in the field read it. `connector` and `cause` are ours.
// Threads: pure function.
#pragma once

#include <string>
#include <string_view>

#include "system_webhooks/event.h"

namespace patchbay::system_webhooks {

struct ComponentError {
  std::string_view err;                  // JSON object
  std::string_view name, message, code;  // what `err` may lack
  std::string_view type = "component";   // or "quota"
  std::string_view flowId, flowName, userId, componentId, componentType;
  std::string_view inPort;                         // empty: no input (a tick, a start)
  std::string_view inputProperties, inputContent;  // JSON
  std::string_view accountId;                      // empty = none
  std::string_view connector;                      // "acme.invoices"
  std::string_view cause;  // "connector-not-installed", …; empty = not known
};

// `limit`: bytes of inputMessages' content, and of `err`. Beyond, the content is cut and becomes a
// text, and of `err` the message is kept and cut.
Event componentError(const ComponentError& error, std::size_t limit);

}  // namespace patchbay::system_webhooks
