// Which addresses the engine's own HTTP calls may reach (docs/decisions/0036).
//
// Asked of the address itself, at each connection, so that a name that leads elsewhere the second
// time gains nothing.
// Refused always: link-local addresses (there the machines of clouds find their credentials), the
// same services at fixed other addresses, multicast, broadcast and unspecified ones.
// Private and loopback addresses are allowed unless the tenant says no. An IPv4 address inside an
// IPv6 one counts as itself.
// Threads: a value; safe from any thread.
#pragma once

#include <string_view>

struct sockaddr;

namespace patchbay::outbound {

enum class AddressKind { kPublic, kPrivate, kForbidden };

// kForbidden for any family but IPv4 and IPv6.
AddressKind kindOf(const sockaddr* address);
// Of an address as text; for tests and settings.
AddressKind kindOf(std::string_view address);

struct AddressPolicy {
  bool allowPrivate = true;  // loopback, RFC 1918, carriers' NAT, unique local

  bool allows(AddressKind kind) const {
    return kind == AddressKind::kPublic || (kind == AddressKind::kPrivate && allowPrivate);
  }
};

}  // namespace patchbay::outbound
