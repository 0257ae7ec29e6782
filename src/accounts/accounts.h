// Accounts at third parties: create and check them, assign them to components, and give calls what they need of them (rest-api §11).
//
// Threads: safe from any thread. authFor, recheck and refresh never wait for a worker; authFor reads the store once per component and
// change. All other functions block on the store, create and test also on the connector's worker: not on the engine loop.
// Errors: kNotFound, kInvalid (wrong credentials say "Invalid credentials"), kConflict (a component id in several flows).
// Only types apiKey and pwd: sign-in by OAuth is refused with a message.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "accounts/account.h"
#include "accounts/auth_runner.h"
#include "accounts/sealer.h"
#include "accounts/service_configuration.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "connectors/registry.h"
#include "store/accounts.h"
#include "store/store.h"

namespace patchbay::accounts {

// What a call of one component gets (connector-format §5.4). Immutable; JSON objects as text.
struct CallAuth {
  std::string authJson;     // context.auth
  std::string configJson;   // context.config
  std::string profileJson;  // context.profileInfo
  std::string accountId;    // empty: none
  std::string problem;      // why the component cannot do its work: no account, or an invalid one; empty = none
  std::int64_t expires = 0; // ms; of a pwd session; 0 = never
  bool isUnread = false;    // the store could not be read: nothing is known of its account, ask again
};

class Accounts {
 public:
  struct Parts {
    store::Store& store;
    connectors::Registry& registry;
    const Sealer& sealer;
    ServiceConfiguration& configuration;
    AuthRunner& runner;
    base::Random& random;
    const base::Clock& clock;
  };
  explicit Accounts(Parts parts);

  // ---- accounts (rest-api §11.1-11.6) ----
  base::Result<boost::json::array> list(const std::string& userId);
  base::Result<boost::json::object> get(const std::string& userId, const std::string& accountId);
  struct CreateOptions {
    bool validate = true;
    bool requestProfile = true;
  };
  // Body of POST /accounts; updates in place what is the same account.
  base::Result<boost::json::object> create(const std::string& userId,
                                           const boost::json::object& body, CreateOptions options);
  base::Result<boost::json::object> rename(const std::string& userId, const std::string& accountId,
                                           const boost::json::object& body);
  base::Result<boost::json::object> test(const std::string& userId, const std::string& accountId);
  // Stops the flows that use it first.
  base::Status remove(const std::string& userId, const std::string& accountId);
  base::Status removeAllOf(const std::string& userId);  // a step of deleting a user; flows are gone

  // ---- assignment (rest-api §11.7, 11.8, 11.10, 11.11, 11.16-11.18) ----
  base::Result<boost::json::array> flowsOf(const std::string& userId, const std::string& accountId);
  base::Result<boost::json::object> ofFlow(const std::string& userId, bool isAdmin,
                                           const std::string& flowId);
  base::Result<boost::json::object> choicesOfFlow(const std::string& userId, bool isAdmin,
                                                  const std::string& flowId);
  base::Result<boost::json::object> choices(const std::string& userId, const std::string& type,
                                            const std::string& componentId);
  // `flowId` only when the component's id is in several flows.
  base::Status assign(const std::string& userId, const std::string& componentId,
                      const std::string& accountId, const std::string& flowId);
  base::Status unassign(const std::string& userId, const std::string& componentId,
                        const std::string& flowId);
  base::Result<boost::json::value> profileField(const std::string& userId,
                                                const std::string& componentId,
                                                const std::string& field);

  // ---- for the engine ----
  std::shared_ptr<const CallAuth> authFor(std::string_view flowId, std::string_view componentId,
                                          const connectors::Component& component);
  // After a call failed with 401 or InvalidTokenError: are the credentials still good? `told` on the engine loop; false: the account
  // is marked invalid. No account or no way to tell: true.
  void recheck(const std::string& flowId, const std::string& componentId,
               std::function<void(bool good)> told);
  // Assignments, or a flow's components, were changed by another room.
  void forgetFlow(std::string_view flowId);
  void forgetAll();

  // Stops a flow because its account goes; blocking.
  using StopFlow = std::function<base::Status(const std::string& flowId, const std::string& accountId)>;
  void onRemove(StopFlow stopFlow);
  // An account that was invalid is good again: its flows' waiting messages may go on. Any thread.
  void onReconnect(std::function<void(const std::vector<std::string>& flowIds)> told);

 private:
  struct Service {  // an auth module and the revision that holds it
    std::shared_ptr<const connectors::Revision> revision;
    const connectors::AuthModule* module = nullptr;
  };
  struct Draft {  // an account on its way in
    store::AccountRecord record;
    Secret secret;
    bool hasProfile = false;
  };

  Service serviceOf(std::string_view service) const;
  void describeAuth(const std::string& service, boost::json::object& auth) const;
  base::Result<Service> usableService(const std::string& service) const;
  AuthRequest authRequest(const Service& service, std::string op, const Secret& secret) const;
  std::pair<std::string, std::string> iconAndLabel(const std::string& service) const;
  boost::json::object view(const store::AccountRecord& record) const;
  base::Result<store::AccountRecord> own(const std::string& userId, const std::string& accountId);
  base::Status save(const store::AccountRecord& record);
  std::vector<std::string> flowsWith(const std::string& accountId);

  base::Result<Draft> draftOf(const std::string& userId, const boost::json::object& body,
                              const connectors::AuthModule& module) const;
  base::Status validate(const Service& service, Draft& draft) const;
  base::Status readProfile(const Service& service, Draft& draft) const;
  void nameAccount(const Service& service, Draft& draft) const;
  base::Result<store::AccountRecord> merge(Draft draft);

  // Flows of the user that hold this component: exactly one, or a refusal.
  base::Result<std::pair<std::string, std::string>> placeOf(const std::string& userId,
                                                            const std::string& componentId,
                                                            const std::string& flowId);
  base::Status checkFlow(const std::string& userId, bool isAdmin, const std::string& flowId);
  // Components of the flow that need an account, with the service each needs.
  std::vector<std::pair<std::string, std::string>> needsOf(const std::string& flowId);
  std::string authServiceOf(const std::string& type) const;
  bool sameService(std::string_view wanted, std::string_view has) const;

  CallAuth build(std::string_view flowId, std::string_view componentId,
                 const connectors::Component& component);
  void fillFromAccount(const store::AccountRecord& record, const boost::json::object& config,
                       CallAuth& auth) const;
  void renewIfDue(const CallAuth& auth);
  void revalidate(store::AccountRecord record, std::function<void(bool)> told);
  void settle(const store::AccountRecord& record, Secret secret,
              const base::Result<boost::json::value>& answer, std::function<void(bool)> told);
  void tellReconnected(const std::string& accountId);

  struct Entry {
    std::string component;  // type
    std::shared_ptr<const CallAuth> auth;
  };

  Parts parts_;
  StopFlow stopFlow_;
  std::function<void(const std::vector<std::string>&)> reconnected_;
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> cache_;         // under mutex_; "<flowId>\n<componentId>"
  std::uint64_t changes_ = 0;                            // under mutex_
  std::unordered_map<std::string, bool> renewing_;       // under mutex_; accounts at work
};

}  // namespace patchbay::accounts
