// What became of an attempt that did not end well, in the terms the retry policy reads (R7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::engine {

enum class OutcomeKind : std::uint8_t {
  kCancelled,         // CancelError: no retry, no dead letter
  kInvalidInput,      // input validation failed: as after the last attempt, at once
  kFailed,            // thrown error, network, HTTP status
  kMissing,           // connector or component missing, or its code does not load
  kLostAlone,         // deadline of this call, or the worker died with this one call in flight
  kLostWithOthers,    // the worker died with several in flight: no attempt spent, tried alone next
  kUnavailable,       // a part of the server was not there: a mapper, a worker in quarantine, the store: no attempt spent
  kExpired,           // waited longer than MESSAGE_TTL: as after the last attempt, at once
};

inline constexpr std::size_t kOutcomeKinds = 8;

struct Outcome {
  OutcomeKind kind = OutcomeKind::kFailed;
  std::string name, message, code;
  std::optional<int> status;  // HTTP
  std::string err;            // the whole error, JSON object

  static Outcome make(OutcomeKind kind, std::string_view name, std::string message, std::string_view code = {});
  // From a worker's `err`.
  static Outcome parse(OutcomeKind kind, std::string_view err);
};

}  // namespace patchbay::engine
