// What a transform is evaluated over: one message, as raw JSON text.
//
// Ownership: views; every text must outlive the call of evaluate().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace patchbay::flows {

// `env` of protocol/README.md §4. An absent text is undefined to a modifier.
struct MappingEnvironment {
  std::optional<std::string_view> flowId, flowName, userId, webhookUrl;
  std::string_view customFields;  // JSON; empty = undefined
  std::string_view messageId;
  std::int64_t arrivedAtMs = 0;  // since 1970
};

// The payload a component sent on a port, as JSON text; nothing when the message's scope has none.
using ScopeLookup =
    std::function<std::optional<std::string_view>(std::string_view componentId, std::string_view port)>;

struct MappingInput {
  std::string_view content = "{}";  // the incoming payload
  ScopeLookup scope;
  MappingEnvironment env;
};

}  // namespace patchbay::flows
