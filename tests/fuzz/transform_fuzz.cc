// Any transform over any payload: compiles or fails with a reason, evaluates or leaves it to the mapper. What comes out is one
// line, and JSON when the payload was. The input is a transform, a NUL byte, and a payload.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "flows/mapping/compiled_transform.h"

namespace {

bool isJson(std::string_view text) {
  boost::json::error_code failure;
  boost::json::parse_options options;
  options.max_depth = 4096;
  boost::json::parse(boost::json::string_view(text.data(), text.size()), failure, {}, options);
  return !failure;
}

void evaluate(const patchbay::flows::CompiledTransform& compiled, std::string_view payload) {
  patchbay::flows::MappingInput input;
  input.content = payload;
  input.scope = [payload](std::string_view, std::string_view) { return std::optional(payload); };
  input.env.customFields = payload;
  input.env.flowName = "Flow";
  std::string out;
  if (compiled.evaluate(input, out) != patchbay::flows::Mapped::kDone || !isJson(payload)) {
    return;
  }
  if (out.find('\n') != std::string::npos || !isJson(out)) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = input.find('\0');
  const std::string_view transform = input.substr(0, cut);
  const std::string_view payload = cut == std::string_view::npos ? "{}" : input.substr(cut + 1);
  boost::json::error_code failure;
  const auto document =
      boost::json::parse(boost::json::string_view(transform.data(), transform.size()), failure);
  if (failure) {
    return 0;
  }
  const auto compiled = patchbay::flows::CompiledTransform::compile(document);
  if (compiled) {
    evaluate(*compiled, payload);
  }
  return 0;
}
