// Any line a worker might write: it is refused with a reason, or every raw slice of what comes out is JSON, so that the engine can
// carry it on unread.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "runtime/frames.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bool isJson(std::string_view text) {
  boost::json::error_code failure;
  boost::json::parse_options options;
  options.max_depth = runtime::kMaxFrameDepth + 1;
  boost::json::parse(boost::json::string_view(text.data(), text.size()), failure, {}, options);
  return !failure;
}

void requireJsonOrEmpty(std::string_view raw) { require(raw.empty() || isJson(raw)); }

void checkFrame(const runtime::UpFrame& frame) {
  for (const std::string_view raw : {frame.arguments, frame.value, frame.err, frame.data}) {
    requireJsonOrEmpty(raw);
  }
  for (const runtime::Send& send : frame.sends) {
    requireJsonOrEmpty(send.payload);
    requireJsonOrEmpty(send.scope);
    requireJsonOrEmpty(send.headers);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static runtime::FrameDecoder decoder;
  std::string line(reinterpret_cast<const char*>(data), size);
  // A line has no line end in it: the reader cuts there.
  if (line.find('\n') != std::string::npos) {
    return 0;
  }
  line.resize(size + runtime::kFramePadding, '#');
  const auto frame = decoder.decode(std::span<char>(line.data(), size));
  if (frame) {
    checkFrame(**frame);
  } else {
    require(frame.error().code == base::Code::kInvalid && !frame.error().message.empty());
  }
  return 0;
}
