// Settings of services that administrators write (clientId, clientSecret, …; rest-api §17), sealed at rest.
//
// Threads: safe from any thread; readers take what is in memory. put and erase block on a commit.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "accounts/sealer.h"
#include "base/result.h"
#include "store/store.h"

namespace patchbay::accounts {

class ServiceConfiguration {
 public:
  ServiceConfiguration(store::Store& store, const Sealer& sealer);
  base::Status load();  // before first use

  // Without serviceId; an empty object when there is none.
  boost::json::object get(std::string_view serviceId) const;
  bool has(std::string_view serviceId) const;
  std::vector<std::string> ids() const;
  // Replaces all keys of the service. kInvalid. `also` goes in the same commit.
  base::Status put(const std::string& serviceId, boost::json::object settings,
                   const store::Unit& also = {});
  base::Status erase(const std::string& serviceId, const store::Unit& also = {});  // kNotFound
  // Told after a change, on the thread that made it, with the service.
  void onChange(std::function<void(const std::string& serviceId)> told);

 private:
  using All = std::map<std::string, boost::json::object, std::less<>>;
  std::shared_ptr<const All> snapshot() const;
  void publish(std::shared_ptr<const All> all, const std::string& serviceId);

  store::Store& store_;
  const Sealer& sealer_;
  std::mutex writing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const All> all_;
  std::vector<std::function<void(const std::string&)>> told_;
};

}  // namespace patchbay::accounts
