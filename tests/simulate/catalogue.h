// The connectors of a simulation, their components, and what each does with a message: a function
// of the message alone, so that every attempt sends the same and the ledger knows what has to come
// of it.
//
// A message carries an id, {"id":"w7.n0a"}. What a component sends has the id of what it got, then
// ".", its own node, and a letter: ids say where a message came from, and are unique. Threads: free
// functions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/revision.h"

namespace patchbay::simulate {

enum class Kind : std::uint8_t {
  kHook,    // trigger: webhooks
  kTicker,  // trigger: sends a message of its own at each tick, and knows it accepted once sendJson
            // has resolved
  kRelay,   // one in, one out
  kSpare,   // the same, of a connector that is removed and installed again
  kSplit,   // one in, several out
  kCounter,  // counts each message in its state, under a lock
  kDelay,    // sets a timer, sends when it has run down
  kSink,     // the end; answers the caller of the webhook
};
inline constexpr std::size_t kKinds = 8;

std::string typeOf(Kind kind);
// Of a type; kRelay for one that is none.
Kind kindOf(std::string_view type);

// The connector that stays, and the one that goes and comes: `version` 1, 2, …
std::shared_ptr<const connectors::Revision> mainRevision();
std::shared_ptr<const connectors::Revision> spareRevision(int version);
inline constexpr std::string_view kSpareBundle = "sim.spare";

// What becomes of every attempt at a message of this component, whatever the weather.
enum class Fate : std::uint8_t {
  kWorks,
  kThrows,        // at every attempt
  kThrowsClient,  // with HTTP 404: a third of the tries
  kCancels,
  kRefusesInput,
  kHangs,
  kKillsWorker,
};
Fate fateOf(std::uint64_t seed, Kind kind, std::string_view node, std::string_view id);

// Ids of what a component sends when it succeeds with the message, in order. The timer of a delay
// is not among them.
std::vector<std::string> sentBy(std::uint64_t seed, Kind kind, std::string_view node,
                                std::string_view id);
// The id that the timer of a delay carries.
std::string timerOf(std::string_view id);
bool isTimer(std::string_view id);

}  // namespace patchbay::simulate
