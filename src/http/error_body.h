// The one error shape of the API (rest-api §1.3), also for what no handler saw.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/route.h"

namespace patchbay::http {

std::string_view reasonPhrase(int status);
// data {"retryAfter": seconds} becomes the Retry-After header; 429 and 503 without it say 1.
Response errorResponse(const base::Error& error);
// For a status that no code has: 405, 408, 431, …
Response errorResponse(int status, std::string_view code, std::string_view message);

}  // namespace patchbay::http
