// Who changed what (rest-api §29.6): access rules, configuration, users; operations on connectors
// write theirs in their own commits.
//
// An entry names what was changed and never holds a value of it: no secret gets in.
// Threads: safe from any thread; reading blocks on the store. Delivery: note() is for the unit of
// work that makes the change, so that there is no change without its entry and no entry without
// its change.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/audit.h"
#include "store/store.h"

namespace patchbay::access {

// Who asks, and from where.
struct Actor {
  std::string userId;  // empty: nobody who is signed in
  std::string ip;
};

class Audit {
 public:
  Audit(store::Store& store, const base::Clock& clock) : store_(store), clock_(clock) {}

  // Adds the entry in the unit that it is called in.
  store::Unit note(Actor actor, std::string action, std::string resource, std::string name) const;

  // Entries of a resource and a name (empty = any), newest first, until `next` gives false.
  base::Status walk(std::string_view resource, std::string_view name,
                    const std::function<bool(boost::json::object entry)>& next) const;

 private:
  store::Store& store_;
  const base::Clock& clock_;
};

// {"id","at","userId","action","resource","name","from","to","ticket","ip","outcome"}; what does
// not apply is null.
boost::json::object wireAudit(const store::AuditRecord& entry);

}  // namespace patchbay::access
