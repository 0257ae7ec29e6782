// Frames that come up from a Node process, decoded without copying payloads. Format:
// protocol/README.md.
//
// What is refused: text that is not one strict JSON object (UTF-8, at most kMaxFrameDepth deep), a
// known member of the wrong type, a missing member, an unknown `t`. Unknown members are ignored.
// Raw slices are valid JSON; half a surrogate pair in them, which JavaScript writes but few readers
// take, becomes U+FFFD.
// Threads: one decoder per thread. Ownership: slices live until the next
// decode and as long as the line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/runtime.h"

namespace patchbay::runtime {

inline constexpr std::size_t kMaxFrameBytes = 32U * 1024 * 1024;
inline constexpr std::size_t kMaxFrameDepth = 500;
// Bytes that must be readable (of any content) behind a line given to decode.
inline constexpr std::size_t kFramePadding = 64;

enum class FrameType : std::uint8_t { kReady, kHost, kEmit, kDone, kFail, kLog, kPong, kMapped };

struct UpFrame {
  FrameType type = FrameType::kReady;
  std::uint64_t id = 0;
  std::optional<std::uint64_t> q;
  std::string_view op, arguments;              // host; arguments raw
  std::span<const Send> sends;                 // emit, done
  bool tookUrl = false;                        // done
  std::string_view value;                      // done, mapped; raw, empty when absent
  std::string_view response;                   // done; raw, empty when absent
  FailKind kind = FailKind::kError;            // fail
  std::string_view err;                        // fail, mapped; raw
  std::string_view level, message, data;       // log; data raw
  std::uint64_t n = 0, heap = 0, rss = 0;      // pong
  std::string_view node;                       // ready
  std::span<const std::string_view> warnings;  // mapped
};

class FrameDecoder {
 public:
  FrameDecoder();
  ~FrameDecoder();
  // kInvalid: the message says what is wrong. The line may be changed in place.
  base::Result<const UpFrame*> decode(std::span<char> line);

 private:
  class Walk;
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace patchbay::runtime
