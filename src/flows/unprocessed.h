// Unprocessed messages as their users see them (rest-api §21): who may see which, and their form on
// the wire.
//
// Threads: safe from any thread but the engine loop and the commit thread. Putting one back is
// UnprocessedReplay's. Errors: kNotFound for one that is absent or whose flow is not visible,
// kForbidden for one of a flow that is only shared.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.h"
#include "base/result.h"
#include "flows/flows.h"
#include "store/store.h"
#include "store/unprocessed.h"

namespace patchbay::flows {

// Empty texts = any.
struct UnprocessedQuery {
  std::string flowId;
  std::string correlationId;
  std::int64_t limit = 0;  // newest ones that are wanted at most
};

class Unprocessed {
 public:
  Unprocessed(store::Store& store, Flows& flows) : store_(store), flows_(flows) {}

  // Of own flows and of those shared for reading (an admin: of any flow he names), newest first.
  base::Result<std::vector<store::UnprocessedRecord>> list(const access::Caller& caller,
                                                           const UnprocessedQuery& query);
  // How many list() would give without a limit, whatever their correlation ids.
  base::Result<std::int64_t> count(const access::Caller& caller, const std::string& flowId);
  base::Result<store::UnprocessedRecord> find(const access::Caller& caller,
                                              const std::string& messageId, Right right);
  base::Status remove(const access::Caller& caller, const std::string& messageId);

 private:
  // Flows that are shared with the caller, or the named one when he may read it. An empty owner: of anybody. `all`: whosoever's, for
  // an admin (S74).
  struct Scope {
    std::string owner;
    std::vector<std::string> flowIds;
    bool all = false;
  };
  base::Result<Scope> scopeOf(const access::Caller& caller, const std::string& flowId);

  store::Store& store_;
  Flows& flows_;
};

boost::json::object wireUnprocessed(const store::UnprocessedRecord& record);

}  // namespace patchbay::flows
