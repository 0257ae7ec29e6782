// What is installed right now. Also answers for revisions that are no longer current but still
// pinned by flows.
//
// Threads: safe from any thread; answers are immutable and stay valid while held.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/revision.h"

namespace patchbay::connectors {

struct Found {
  std::shared_ptr<const Revision> revision;
  const Component* component = nullptr;  // lives in `revision`
  explicit operator bool() const { return component != nullptr; }
};

class Registry {
 public:
  // Newest installed component of this type.
  Found find(std::string_view type) const;
  // The component in one revision (a flow's pin); nothing when that revision is not loaded.
  Found findIn(std::string_view revision, std::string_view type) const;
  std::shared_ptr<const Revision> current(std::string_view bundle) const;
  std::shared_ptr<const Revision> byId(std::string_view revision) const;
  std::vector<std::shared_ptr<const Revision>> allCurrent() const;  // by bundle name
  // Every known revision of the bundle: current, pinned, in the trash.
  std::vector<std::shared_ptr<const Revision>> allOf(std::string_view bundle) const;
  // vendor:service[:module] → the auth module that answers for it (module, then service).
  const AuthModule* findAuth(std::string_view service,
                             std::shared_ptr<const Revision>& holder) const;

  void add(std::shared_ptr<const Revision> revision);  // known, not current
  void setCurrent(const std::string& revision);
  void clearCurrent(const std::string& bundle);
  void drop(const std::string& revision);
  // Called after each change of what is current, on the thread that changed it, with the bundle's
  // name.
  void onChange(std::function<void(const std::string& bundle)> told);

 private:
  void reindex();                                 // under mutex_
  void forgetCurrent(const std::string& bundle);  // under mutex_
  void tell(const std::string& bundle) const;     // not under mutex_
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Revision>, std::less<>> revisions_;
  std::map<std::string, std::string, std::less<>> current_;  // bundle → revision
  std::vector<std::string> order_;                   // current revisions, newest last: it wins
  std::map<std::string, Found, std::less<>> types_;  // of current revisions
  struct HeldAuth {
    std::shared_ptr<const Revision> holder;
    const AuthModule* module = nullptr;
  };
  std::map<std::string, HeldAuth, std::less<>> auths_;  // of current revisions
  std::vector<std::function<void(const std::string&)>> told_;
};

}  // namespace patchbay::connectors
