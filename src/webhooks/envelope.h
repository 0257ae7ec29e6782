// The message a webhook call becomes: {method, data, query, headers, hostname} (component-runtime §2.1).
//
// `data` is the body: JSON as it was sent (raw text, numbers untouched), a form as an object, other text as a string, anything else as
// {"$bytes": base64} (protocol/README.md). Pure; safe from any thread.
// Errors: kInvalid when the content type says JSON and the body is none.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace patchbay::webhooks {

struct InboundCall {
  std::string_view method;  // "POST"
  const std::vector<std::pair<std::string, std::string>>& query;       // decoded
  const std::map<std::string, std::string, std::less<>>& headers;      // names in lower case
  std::string_view body;
};

base::Result<std::string> makeEnvelope(const InboundCall& call);

}  // namespace patchbay::webhooks
