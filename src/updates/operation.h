// One operation on connectors (R22, R26): what it is to do, where it stands, and what it must know
// to be taken back. Its document is the row's.
//
// Threads: plain values. Format: docs/formats/operation.md.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/operations.h"
#include "updates/plan.h"

namespace patchbay::updates {

// On the wire, in this order (R22).
enum class Phase : std::uint8_t {
  kPlan,
  kStage,
  kVerify,
  kRestorePoint,
  kStop,
  kSwitch,  // cut off up to here: nothing was changed; from here on: it goes on
  kResume,
  kDone,
};
std::string_view phaseText(Phase phase);

enum class Mode : std::uint8_t { kStopAll, kStopAffected, kSideBySide };
std::string_view modeText(Mode mode);
base::Result<Mode> parseMode(std::string_view text);  // kInvalid lists them

struct Failed {
  std::string flowId, reason;
};

struct Operation {
  std::string ticket;
  Action action = Action::kUpdate;
  std::string name;        // the connector; of a publish, what its archive turned out to be
  std::string from, to;    // versions; empty = not installed
  std::string userId, ip;  // who asked, from where
  std::string status = "in-progress";  // completed, failed, cancelled
  Phase phase = Phase::kPlan;
  std::int64_t created = 0, updated = 0;  // ms

  // What was asked for.
  Mode mode = Mode::kStopAll;
  bool confirmed = false;
  bool stopFlows = false;   // of a removal
  bool dropsQueue = false;  // inProgressData: delete
  std::string undoes;       // of a rollback: the ticket

  // The restore point: bundle → revision id, empty = none was or is current.
  std::map<std::string, std::string> before, after;
  std::set<std::string> stopped;        // flows it stops: noted before the first of them is
  std::vector<std::string> sideBySide;  // flows it leaves on the old revision
  std::vector<std::string> restarted;
  std::vector<Failed> failed;  // flows that did not start again

  std::size_t stoppedNow = 0;  // so many of them have stopped
  std::string finished;        // ISO; empty = it runs
  std::string err, code;       // why it failed
  boost::json::value data;
  std::vector<std::string> warnings;
  boost::json::array bundles;  // of a publish: {name, version}

  bool switched() const { return phase > Phase::kSwitch; }
  static Operation read(const store::OperationRecord& record);
  store::OperationRecord record() const;
  boost::json::object toJson() const;        // rest-api §29.4
  boost::json::object uploaderJson() const;  // rest-api §7.5
};

// The kinds of operation rows that are ours.
std::vector<std::string_view> operationKinds();

}  // namespace patchbay::updates
