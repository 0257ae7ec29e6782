// Who may see and use which components, and call which route families (rest-api §6, rulings R28).
//
// Threads: safe from any thread; questions read an immutable list that a change swaps. replace blocks on a commit.
// Roles of a rule: a scope, an e-mail address, or "@domain". Lists never stored are the defaults; an empty list stays empty.
// Administrators pass component rules; what is private stays out of their lists unless a rule shows it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "access/caller.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::access {

struct AclRule {
  std::string role;
  std::string resource;
  std::vector<std::string> action;
  std::vector<std::string> attributes;
};

enum class AclType { kRoutes, kComponents };
enum class RouteAction { kRead, kCreate, kUpdate, kDelete };

class Acl {
 public:
  explicit Acl(store::Store& store);
  base::Status load();  // before first use

  static base::Result<AclType> typeOf(std::string_view name);  // kNotFound
  boost::json::array rules(AclType type) const;
  // The whole list, as POSTed (null = empty). The list as stored. kInvalid names the index.
  base::Result<boost::json::array> replace(AclType type, const boost::json::value& body);

  // A component in lists. Without a caller: as role "user" sees it.
  bool mayList(const Caller* caller, std::string_view component, bool isPrivate) const;
  // A component started in a flow or called.
  bool mayUse(const Caller& caller, std::string_view component, bool isPrivate) const;
  // A family of routes ("flows").
  bool mayCall(const Caller& caller, std::string_view family, RouteAction action) const;

  // Does a rule's resource cover this name: "*", the name, "prefix.*" or "prefix".
  static bool covers(std::string_view resource, std::string_view name);

 private:
  using Rules = std::vector<AclRule>;
  std::shared_ptr<const Rules> list(AclType type) const;
  void set(AclType type, Rules rules);

  store::Store& store_;
  std::mutex writing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Rules> routes_;      // under mutex_
  std::shared_ptr<const Rules> components_;  // under mutex_
};

}  // namespace patchbay::access
