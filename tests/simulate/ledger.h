// What the outside knows: what was offered to the server and how it answered, what components were
// called with, what people were told. And what must be true because of that (the oracles). The
// first thing that is not true is kept as the failure.
//
//   accepted      an answer with 2xx, or a sendJson of a trigger that resolved
//   delivered     the component was called with the message
//   done for      the component ended well, or its fate or a dead letter says that it never will
// An accepted message that was not dropped by a stop must be done for at its component, and so must
// all that it sends. Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "flow_graph.h"
#include "runtime/runtime.h"
#include "trace.h"

namespace patchbay::simulate {

// A call of a component, as its worker sees it.
struct CallFacts {
  std::string flowId, node, id;  // id: empty for start, stop and tick
  std::string method;
  std::int64_t attempt = 0;
};

class Ledger {
 public:
  Ledger(std::uint64_t seed, Trace& trace) : seed_(seed), trace_(trace) {}
  void addFlow(const FlowGraph& graph);

  // ---- messages ----
  std::string newMessage(const std::string& flowId);  // its id; offered from now on
  void accepted(const std::string& id);
  void refused(const std::string& id);  // for sure: it must never be delivered
  void called(const CallFacts& call);
  void succeeded(const CallFacts& call);
  void failed(const CallFacts& call, runtime::FailKind kind);
  void lost(const CallFacts& call);
  void counted(const CallFacts& call, std::int64_t value);
  void countAsked(const CallFacts& call) { ++progress(call).countsAsked; }

  // ---- flows ----
  void startAsked(const std::string& flowId);
  void startTold(const std::string& flowId, bool started);
  void stopAsked(const std::string& flowId, bool drops);
  void stopTold(const std::string& flowId);
  // A command ended with an error that leaves open what became of the flow.
  void commandFailed(const std::string& flowId);
  void replayAsked(const std::string& flowId, const std::string& id);
  void spareRemoved() { spareWasRemoved_ = true; }
  void crashed();

  // ---- at the end ----
  struct DeadLetter {
    std::string flowId, node, id;
  };
  void check(const std::vector<DeadLetter>& deadLetters);

  void fail(std::string what);
  const std::optional<std::string>& failure() const { return failure_; }
  std::size_t acceptedMessages() const { return acceptedMessages_; }
  std::size_t calls() const { return calls_; }

 private:
  struct Root {  // what came from outside, or from a tick
    std::string flowId;
    bool accepted = false;
    bool refused = false;
    bool excused = false;    // a stop may have dropped it
    bool forbidden = false;  // a stop has dropped it: it must not be delivered any more
  };
  struct Progress {  // of a message at a component
    int calls = 0;
    bool succeeded = false;
    int failures = 0;
    int losses = 0;
    bool cancelled = false;
    bool refusedInput = false;
    std::int64_t count = 0;  // last one told, of kCounter
    std::int64_t countsAsked = 0;
  };
  enum class Stage : std::uint8_t {
    kStopped,
    kStarting,  // asked for, not told
    kRunning,
    kUnknown,  // the server died over a command, or refused one
  };
  struct Flow {
    FlowGraph graph;
    Stage stage = Stage::kStopped;
    bool mayStillStart =
        false;  // a start that failed on the disk: it may have come down until another one has
    bool stopping = false;      // a stop was asked for and has not been told
    bool dropping = false;      // a stop that drops was asked for and has not been told
    bool dropsForSure = false;  // and it was running then
  };
  static std::string rootOf(std::string_view id);
  Progress& progress(const CallFacts& call);
  void checkDelivery(const std::string& node, const std::string& id, const Flow& flow,
                     const std::set<std::string>& deadLetters);
  void checkDeadLetter(const DeadLetter& letter);
  void excuse(const std::string& flowId, bool forbids);
  void forgetCounts(const std::string& flowId);

  const std::uint64_t seed_;
  Trace& trace_;
  std::map<std::string, Flow> flows_;
  std::map<std::string, Root> roots_;
  std::map<std::string, Progress> progress_;  // "node id"
  std::uint64_t lastMessage_ = 0;
  std::size_t acceptedMessages_ = 0;
  std::size_t calls_ = 0;
  bool spareWasRemoved_ = false;
  std::optional<std::string> failure_;
};

}  // namespace patchbay::simulate
