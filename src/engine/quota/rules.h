// The rules of a connector's quota.js as they bind the calls of one component of a flow (connector-
// format §6).
//
// What was read here is numbers and words; code of a quota.js runs in the connector's worker only
// (quota/worker_call.h).
// Threads: free functions, safe from any thread.
// Errors: what is not understood of a rule leaves that rule out and is logged.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/revision.h"

namespace patchbay::engine {

enum class Throttling : std::uint8_t {
  kSliding,  // at most `limit` calls in any span of `window`
  kFixed,    // at most `limit` calls until the next window, whose start the connector's code tells
  kConcurrency,  // at most `limit` calls at a time
};

struct QuotaRule {
  Throttling throttling = Throttling::kSliding;
  std::int64_t limit = 1;
  std::int64_t window = 0;  // ms; 0 = none (kConcurrency), or unknown (kFixed)
  std::size_t index = 0;    // in `rules` of its quota.js
  bool asksCode = false;    // kFixed: getStartOfNextWindow tells the next window; else windows are
                            // multiples of `window`
  std::string resource;
  std::string scope;  // "userId", "accessTokenId", "flowId", "componentId", or empty = the whole
                      // installation
};

// A quota.js that is in force: the connector's own, or the one an admin wrote in its place.
struct QuotaSource {
  std::string name;          // vendor:service[:module]
  std::string dir;           // its folder below the revision's root
  boost::json::value rules;  // [{limit, window, …}]
  std::string text;          // of the admin's; empty = the file in `dir`
};

// What binds the calls of one node.
struct QuotaPlan {
  std::string source;     // colon name: what its counters are kept under (R11)
  std::string dir, text;  // for rules with code, see QuotaSource
  std::shared_ptr<const connectors::Revision> revision;  // whose worker runs that code
  std::vector<QuotaRule> rules;
  bool queues = true;             // false: some rule does not let calls wait
  std::int64_t maxWait = 10'000;  // ms
};

// A rule of a quota.js. Nothing when it has no limit or names a throttling that is not known.
std::optional<QuotaRule> readQuotaRule(const boost::json::value& rule, std::size_t index);

// The manifest's `quota` with what the node's `config.quota` gives in place of it, member by
// member.
boost::json::object mergeQuota(const boost::json::value* ofManifest,
                               const boost::json::value* ofNode);

// `quota`: as merged. `source` is null when its manager has no rules. Null when nothing binds the
// component.
std::shared_ptr<const QuotaPlan> makeQuotaPlan(
    const boost::json::object& quota, const std::string& component, const QuotaSource* source,
    std::shared_ptr<const connectors::Revision> revision);

// The name a rule's counter is kept under; `scopeValue` is empty for the whole installation. On
// disk: frozen.
std::string counterName(const std::string& source, const QuotaRule& rule,
                        std::string_view scopeValue);
// The rule as far as the name tells it (throttling, window, resource, scope). Nothing for a text
// that is no such name.
std::optional<QuotaRule> ruleOfCounter(std::string_view name);

}  // namespace patchbay::engine
