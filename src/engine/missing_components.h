// Components that failed because they are missing or do not load. When that has changed, what waits for them becomes ready at once (R7).
//
// Threads: the engine loop. Bounded by the types that running flows use.
#pragma once

#include <map>
#include <string>

#include "engine/parts.h"

namespace patchbay::engine {

class MissingComponents {
 public:
  explicit MissingComponents(Parts& parts) : parts_(parts) {}

  // A component of this type could not be called.
  void add(const std::string& type);
  // After connectors changed: messages of the types that can be called now are made ready.
  void lookAgain();

 private:
  std::string revisionOf(const std::string& type) const;
  void wake(const std::vector<std::string>& types);

  Parts& parts_;
  std::map<std::string, std::string, std::less<>> types_;  // → the revision that failed, empty = none was installed
};

}  // namespace patchbay::engine
