// Bodies of multipart/form-data (RFC 7578), as browsers and clients send files.
//
// Threads: free functions. Lifetime: the parts are views into the body. Bounds: 100 parts, 16 KiB of headers each.
// Errors: kInvalid names what is wrong with the body.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace patchbay::http {

struct FormPart {
  std::string name;
  std::string filename;     // as sent; text, never a path
  std::string contentType;  // empty when not sent
  std::string_view bytes;
};

base::Result<std::vector<FormPart>> parseMultipart(std::string_view contentType, std::string_view body);

}  // namespace patchbay::http
