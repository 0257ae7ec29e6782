// Makes plans (R21): what a version of a connector, or its absence, does to every flow.
//
// Threads: safe from any thread; reads the store and blocks. A plan is of the moment: what runs may
// change before it is carried out, which the rollout checks again. Nothing is changed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "access/acl.h"
#include "access/system_configuration.h"
#include "base/result.h"
#include "connectors/registry.h"
#include "store/store.h"
#include "updates/plan.h"

namespace patchbay::updates {

// What a connector is to become.
struct Target {
  std::string version;
  boost::json::value changelog;
  connectors::Contracts components;
  std::map<std::string, std::string> loadErrors;  // component → why; where its code was loaded
  std::map<std::string, std::string> authTypes;   // service → type; likewise

  static Target of(const connectors::Revision& revision);
};

class Planner {
 public:
  struct Parts {
    store::Store& store;
    const connectors::Registry& registry;
    const access::Acl& acl;
    const access::SystemConfiguration& configuration;
  };
  explicit Planner(const Parts& parts) : parts_(parts) {}

  // `target`: nothing = it is removed. Where the connector is not installed but flows run that
  // miss it, they are compared with the revision they had.
  base::Result<Plan> plan(Action action, const std::string& bundle,
                          const std::optional<Target>& target) const;

 private:
  struct Work;
  void readFlows(store::Transaction& tx, Work& work) const;
  void judge(store::Transaction& tx, Work& work, const std::string& flowId) const;
  std::shared_ptr<const connectors::Revision> newestKnown(const std::string& bundle) const;
  void tellWitnesses(Plan& plan) const;
  void tellWebhook(store::Transaction& tx, Plan& plan) const;

  Parts parts_;
};

}  // namespace patchbay::updates
