#include "engine/context/quota_calls.h"

#include "engine/quota/gate.h"

namespace patchbay::engine {

void addQuotaCalls(HostCalls& calls) {
  calls.add("begun", [](const boost::json::object&, const Answer& answer) {
    if (answer.attempt().quota != nullptr) {
      answer.attempt().quota->begun();
    }
  });
}

}  // namespace patchbay::engine
