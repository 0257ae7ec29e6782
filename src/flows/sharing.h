// Who may do what with a flow: its owner everything, those it is shared with what their entries
// permit, an admin everything (rest-api §8).
//
// Threads: pure functions, safe from any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string_view>

#include "access/caller.h"
#include "base/result.h"
#include "store/flows.h"

namespace patchbay::flows {

enum class Right : std::uint8_t {
  kRead,
  kStart,
  kStop,
  kWrite,  // of the owner and of admins only
};

// What entries of `sharedWith` permit a caller.
struct Shared {
  bool read = false, start = false, stop = false;
  bool any() const { return read || start || stop; }
};

// Each entry: exactly one of email, domain, scope, and permissions out of read, start, stop.
// kInvalid says which entry is wrong.
base::Status checkSharedWith(const boost::json::value& sharedWith);
// True when an entry names this caller (by e-mail, its domain, or a scope), whatever it permits.
bool entryNames(const boost::json::value& entry, const access::Caller& caller);
// Union of all entries that name the caller. Anything that is not an array permits nothing.
Shared permissionsOf(const boost::json::value& sharedWith, const access::Caller& caller);

// kNotFound when the caller may not even know of the flow, kForbidden when he may see it but not do
// this.
base::Status checkRight(const store::FlowRecord& record, const access::Caller& caller, Right right);

base::Error flowNotFound(std::string_view flowId);

}  // namespace patchbay::flows
