// A made-up event of a key, for people who set up a receiver: the real shape, marked with `"test":
// true`.
// Threads: pure function.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "system_webhooks/event.h"

namespace patchbay::system_webhooks {

// kInvalid: no such key; names those there are. `now`: ISO.
base::Result<Event> sample(std::string_view key, const std::string& now);

}  // namespace patchbay::system_webhooks
