// Who may see and use which components, and call which route families (rest-api §6, rulings R28).
//
// Threads: safe from any thread; questions read an immutable list that a change swaps. replace blocks on a commit.
// Roles of a rule: a scope, an e-mail address, or "@domain". Lists never stored are the defaults; an empty list stays empty.
// Administrators pass component rules; what is private stays out of their lists unless a rule shows it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "access/acl_rule.h"
#include "access/caller.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::access {

enum class AclType { kRoutes, kComponents };
enum class RouteAction { kRead, kCreate, kUpdate, kDelete };

class Acl {
 public:
  explicit Acl(store::Store& store);
  base::Status load();  // before first use

  static base::Result<AclType> typeOf(std::string_view name);  // kNotFound
  std::shared_ptr<const AclRules> list(AclType type) const;
  // The whole list, as POSTed (null = empty). The list as stored. kInvalid names the index. `also` goes in the same commit.
  // `check` looks at the list that is replaced; its error is the answer, and changes nothing.
  using Check = std::function<base::Status(const AclRules& rules)>;
  base::Result<boost::json::array> replace(AclType type, const boost::json::value& body,
                                           const store::Unit& also = {}, const Check& check = {});
  // What `change` makes of a list, with no other change in between; its error is the answer, and changes nothing.
  using Change = std::function<base::Result<AclRules>(const AclRules& rules)>;
  base::Status edit(AclType type, const Change& change, const store::Unit& also = {});

  // A component in lists. Without a caller: as role "user" sees it.
  bool mayList(const Caller* caller, std::string_view component, bool isPrivate) const;
  // A component started in a flow or called.
  bool mayUse(const Caller& caller, std::string_view component, bool isPrivate) const;
  // A family of routes ("flows").
  bool mayCall(const Caller& caller, std::string_view family, RouteAction action) const;

 private:
  void set(AclType type, AclRules rules);

  store::Store& store_;
  std::mutex writing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const AclRules> routes_;      // under mutex_
  std::shared_ptr<const AclRules> components_;  // under mutex_
};

}  // namespace patchbay::access
