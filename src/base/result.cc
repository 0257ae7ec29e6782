#include "base/result.h"

namespace patchbay::base {

std::string_view codeText(Code code) {
  switch (code) {
#define PATCHBAY_CODE(name, text, status) \
  case Code::name:                        \
    return text;
#include "base/error_codes.def"
#undef PATCHBAY_CODE
  }
  return "INTERNAL";
}

int codeStatus(Code code) {
  switch (code) {
#define PATCHBAY_CODE(name, text, status) \
  case Code::name:                        \
    return status;
#include "base/error_codes.def"
#undef PATCHBAY_CODE
  }
  return 500;
}

}  // namespace patchbay::base
