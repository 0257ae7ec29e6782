// The server's own log (not flow logs): one line a record on standard error, JSON when asked for. Never a secret, never a payload.
//
// Threads: safe from any thread. Use spdlog's macros after init.
#pragma once

#include <string_view>

#include <spdlog/spdlog.h>

namespace patchbay::base {

enum class LogForm { kText, kJson };
// `level`: trace, debug, info, warn, error, off.
void initLog(LogForm form, std::string_view level);

}  // namespace patchbay::base
