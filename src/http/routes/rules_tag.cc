#include "http/routes/rules_tag.h"

#include <sodium.h>

#include <array>
#include <span>
#include <utility>

#include "base/json.h"
#include "base/random.h"
#include "http/entity_tag.h"

namespace patchbay::http {

std::string rulesTag(const access::AclRules& rules) {
  const std::string text = json::write(json::value(access::wireRules(rules)));
  std::array<std::uint8_t, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return entityTag(base::toHex(std::span<const std::uint8_t>(hash).first(16)));
}

base::Status checkRulesTag(const Request& request, const access::AclRules& rules) {
  if (ifMatch(request, rulesTag(rules))) {
    return {};
  }
  return base::fail(base::Code::kChanged,
                    "The access rules have changed since they were read; yours were not saved. "
                    "Read them again.");
}

}  // namespace patchbay::http
