// Why the system, and no person, stops a flow: what WEBHOOK_FLOW_STOPPED says (rest-api §26).
// Empty: a person does.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::engine {

// Reasons on the wire.
inline constexpr std::string_view kStopComponentError =
    "componentError";                                            // errorHandling.onError: stopFlow
inline constexpr std::string_view kStopComponent = "component";  // context.stopFlow()
inline constexpr std::string_view kStopAccountRemoved = "accountRemoved";
inline constexpr std::string_view kStopUserRemoved = "userRemoved";
inline constexpr std::string_view kStopSystem =
    "system";  // a start that the server carried on failed

struct StopCause {
  std::string_view reason;
  std::string componentId, componentType, connector;  // whose doing it was; empty = no component's
  std::string err;                                    // JSON; empty = none
  std::string accountId;                              // the account that goes
};

}  // namespace patchbay::engine
