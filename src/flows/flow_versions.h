// Earlier descriptors of flows: the server keeps each that a change replaces, people keep one when
// they ask (rest-api §8.12; docs/decisions/0044).
//
// Of each flow the newest FLOW_VERSIONS_MAX of both groups stand (people's own, all others), so
// that changes never push out what a person kept. Only the owner and admins see them: an earlier
// descriptor may hold what was taken out since. Restoring one is Flows::put of its descriptor.
// Threads: as Flows. Errors: as Flows; kInvalid names the field.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "access/caller.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "flows/flows.h"
#include "store/store.h"

namespace patchbay::flows {

inline constexpr std::int64_t kDefaultVersions = 50;  // when FLOW_VERSIONS_MAX says nothing
inline constexpr std::int64_t kMostVersions = 1000;
inline constexpr std::int64_t kMaxVersionLabel = 255;  // characters

class FlowVersions {
 public:
  // All must outlive this.
  FlowVersions(store::Store& store, Flows& flows, const base::Clock& clock, base::Random& random)
      : store_(store), flows_(flows), clock_(clock), random_(random) {}

  // {"items","totalCount"}, newest first, without descriptors.
  base::Result<boost::json::object> list(const access::Caller& caller, const std::string& flowId,
                                         std::int64_t offset, std::int64_t limit);
  // With its descriptor as "flow".
  base::Result<boost::json::object> get(const access::Caller& caller, const std::string& flowId,
                                        const std::string& versionId);
  // Keeps the descriptor as it is now. `type`: manual or autosave.
  base::Result<boost::json::object> keep(const access::Caller& caller, const std::string& flowId,
                                         const std::string& type, const std::string& label);

 private:
  store::Store& store_;
  Flows& flows_;
  const base::Clock& clock_;
  base::Random& random_;
};

// In the unit that replaces `descriptor` (JSON) by another one. What is the newest version already
// is not kept twice.
void keepReplaced(store::Transaction& rows, const std::string& flowId, std::string descriptor,
                  std::string versionId, std::int64_t now);

}  // namespace patchbay::flows
