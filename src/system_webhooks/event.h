// An event that the tenant's applications may be told of (rest-api §26), and the configuration keys
// that say where.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace patchbay::system_webhooks {

inline constexpr std::string_view kComponentErrorKey = "WEBHOOK_FLOW_COMPONENT_ERROR";
inline constexpr std::string_view kFlowStoppedKey = "WEBHOOK_FLOW_STOPPED";
inline constexpr std::string_view kUserCreatedKey = "WEBHOOK_USER_CREATED";
inline constexpr std::string_view kForgotPasswordKey = "WEBHOOK_USER_FORGOT_PASSWORD";

inline constexpr std::array kKeys = {kComponentErrorKey, kFlowStoppedKey, kUserCreatedKey,
                                     kForgotPasswordKey};

struct Event {
  std::string key;
  std::string payload;  // JSON object
  std::string flowId;   // the flow it is about; empty = about none
};

// The payload holds a secret: it is shown to nobody and erased when the delivery is over.
inline bool isSecret(std::string_view key) {
  return key == kForgotPasswordKey;
}

}  // namespace patchbay::system_webhooks
