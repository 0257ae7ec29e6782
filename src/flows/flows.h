// The flows of all users: written, read and removed within the rules of ownership and sharing
// (rest-api §8; R13, R30).
//
// A write of a flow and of its index rows is one transaction. Stages belong to the Coordinator:
// nothing here starts or stops. Threads: safe from any thread but the engine loop and the commit
// thread, since writes wait for their commit. Errors: kNotFound for a flow that is absent or not
// visible, kForbidden for one that is only shared, kConflict for one that runs or whose id belongs
// to another user, kInvalid (data names the components), kTooLarge. A failed write has changed
// nothing.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "flows/flow_clone.h"
#include "flows/flow_selection.h"
#include "flows/sharing.h"
#include "store/accounts.h"
#include "store/flows.h"
#include "store/store.h"

namespace patchbay::connectors {
class Registry;
}

namespace patchbay::flows {

struct PutOptions {
  bool forceUpdate = false;  // also while it runs
  // What the caller thinks the row is, null = none; false: kChanged, and nothing is written.
  std::function<bool(const store::FlowRecord* current)> expected = {};
};

struct Put {
  bool created = false;
  std::int64_t mtime = 0;  // as it is now, ms
  bool running = false;  // it runs an older document: Coordinator::restartChanged is due
};

// What a clone takes over (rest-api §8.9).
struct CloneOptions {
  std::string prefix;                // before the name
  std::vector<std::string> without;  // fields not copied
  bool connectAccounts = false;      // only when the owner stays the same
  bool isTemplateInstance = false;
  bool setOriginFlowId = false;
  bool setComponentIdMap = true;
  boost::json::object additional;  // fields that replace the copied ones
};

class Flows {
 public:
  // All must outlive this.
  Flows(store::Store& store, const connectors::Registry& registry, const base::Clock& clock,
        base::Random& random);

  // The new flow's id.
  base::Result<std::string> create(const access::Caller& caller, const boost::json::object& body);
  // Creates or updates under the id given.
  base::Result<Put> put(const access::Caller& caller, const std::string& flowId,
                        const boost::json::object& body, const PutOptions& options = {});
  base::Status setThumbnail(const access::Caller& caller, const std::string& flowId,
                            std::string_view thumbnail);
  // The clone's id. The caller needs Right::kRead on the source and becomes the owner.
  base::Result<std::string> clone(const access::Caller& caller, const std::string& flowId,
                                  const CloneOptions& options);
  // Erases the rows of a stopped flow and of all that hangs on it; Coordinator::dropFlow goes
  // first. kConflict: it is not stopped.
  base::Status remove(const access::Caller& caller, const std::string& flowId);

  // The row, when the caller has the right.
  base::Result<store::FlowRecord> find(const access::Caller& caller, const std::string& flowId,
                                       Right right);
  // On the wire, as this caller sees it.
  base::Result<boost::json::object> get(const access::Caller& caller, const std::string& flowId);
  // Those of the selection that the caller may see, newest mtime first.
  base::Result<std::vector<boost::json::object>> list(const access::Caller& caller,
                                                      const FlowSelection& selection);
  // Flows of others that are shared with the caller for reading.
  base::Result<std::vector<store::FlowRecord>> sharedWith(const access::Caller& caller);
  // The flow that holds this component and that the caller may read. kConflict when there are
  // several (R30).
  base::Result<std::string> flowOfComponent(const access::Caller& caller,
                                            const std::string& componentId);

 private:
  struct Change;
  base::Status commit(Change& change);
  // What `body` makes of a row, or of none.
  base::Result<Change> changeFrom(std::optional<store::FlowRecord> current,
                                  const access::Caller& caller, const std::string& flowId,
                                  const boost::json::object& body);
  base::Result<std::vector<store::AssignmentRecord>> cloneAssignments(const std::string& sourceId,
                                                                      const std::string& cloneId,
                                                                      const IdMap& components);
  base::Result<std::optional<store::FlowRecord>> rowOf(const std::string& flowId);
  base::Status indexShares();
  void rememberShares(const store::FlowRecord& record);
  void noteShares(const store::FlowRecord& record);

  store::Store& store_;
  const connectors::Registry& registry_;
  const base::Clock& clock_;
  base::Random& random_;

  // sharedWith of every shared flow, so that a list need not read everybody's documents. Filled on
  // first use.
  std::mutex sharesMutex_;
  bool sharesKnown_ = false;
  std::map<std::string, boost::json::value> shares_;  // flow id → entries
};

}  // namespace patchbay::flows
