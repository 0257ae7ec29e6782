// Which quota rules are in force: those a connector ships, or what an admin wrote in their place
// (rest-api §24).
//
// Threads: safe from any thread; put, erase and list block (a store write, a worker call, a read of
// files): never on the engine loop.
// Errors: put kInvalid when the text does not evaluate to {rules: [...]}, kUnavailable when no
// worker can evaluate it; nothing changed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/registry.h"
#include "engine/parts.h"
#include "engine/quota/rules.h"

namespace patchbay::engine {

// One row of GET /quota.
struct QuotaDefinition {
  std::string name;           // vendor:service[:module]
  std::string source;         // in force, byte for byte
  std::string defaultSource;  // as shipped with the newest revision; empty = not shipped
  bool custom = false;
};

class QuotaDefinitions {
 public:
  explicit QuotaDefinitions(Parts& parts) : parts_(parts) {}
  // Reads what admins wrote. Once, before anything else.
  base::Status load();

  // What binds calls of `component` of that revision when its manifest names `manager` (R11). Null:
  // nothing does.
  std::shared_ptr<const QuotaSource> find(const std::string& manager,
                                          const connectors::Revision& revision,
                                          const connectors::Component& component) const;

  std::vector<QuotaDefinition> list() const;  // by name
  base::Result<QuotaDefinition> put(const std::string& name, const std::string& source);
  // False: nothing was written for that name.
  base::Result<bool> erase(const std::string& name);
  // Called after each change, on the thread that made it. Set before any.
  void onChange(std::function<void()> told) { told_ = std::move(told); }

 private:
  using Shipped = std::map<std::string, std::shared_ptr<const connectors::Revision>>;
  Shipped shipped() const;
  std::shared_ptr<const runtime::WorkerSpec> workerFor(const std::string& name) const;
  base::Result<boost::json::value> evaluate(const std::string& name,
                                            const std::string& source) const;
  std::shared_ptr<const QuotaSource> custom(const std::string& name) const;

  Parts& parts_;
  std::mutex writing_;
  mutable std::mutex mutex_;  // over custom_
  std::map<std::string, std::shared_ptr<const QuotaSource>> custom_;
  std::function<void()> told_;
};

}  // namespace patchbay::engine
