// Walks every route of a router and checks that its access rule holds: without a token, as a plain user, as an admin.
//
// The caller brings the way to ask (in process or over a socket), so that unit and end-to-end tests walk the same table.
// It really calls each route, with made-up parameters and an empty body: use a server that may be thrown away.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/route.h"

namespace patchbay::http {

enum class AskAs : std::uint8_t { kNobody, kPlainUser, kAdmin };
// Answers the HTTP status.
using Ask = std::function<int(Method method, const std::string& path, AskAs who)>;

// One line per rule that does not hold; empty: all hold.
std::vector<std::string> checkRouteTable(const Router& router, const Ask& ask);

}  // namespace patchbay::http
