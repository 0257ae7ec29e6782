// Who is told of an event: the URLs its key names, without those that would make a loop
// (docs/decisions/0037).
//
// A URL of a flow ".../flows/<id>/components/..." counts as that flow, whatever the host: a server
// is reached under many names.
// Threads: safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/system_configuration.h"
#include "system_webhooks/event.h"

namespace patchbay::system_webhooks {

// At most this many; what a key names beyond is left out.
inline constexpr std::size_t kMostAddressees = 20;

std::vector<std::string> addressees(const access::SystemConfiguration& configuration,
                                    const Event& event);

// The flow that a webhook URL leads to; empty: none.
std::string flowOf(std::string_view url);

}  // namespace patchbay::system_webhooks
