// The `properties` of a message as the API, unprocessed messages and system webhooks show them
// (rest-api §21, §26). Frozen.
//
// Threads: pure function.
#pragma once

#include <string>

#include "queue/message.h"

namespace patchbay::engine {

// A JSON object. `messageId`: as on the wire, empty = none. `sourceType`: of the component it came
// from, when known.
std::string messageProperties(const queue::Message& message, const std::string& messageId,
                              const std::string& sourceType);

}  // namespace patchbay::engine
