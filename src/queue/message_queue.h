// Messages and their states: enqueue, claim, settle, delay, bury (docs/message_states.md). Over the store's rows, with what is ready in memory too.
//
// Threads: the engine loop only, except reserve*(), which are safe from any thread. Commits run on the store's commit thread; their
// outcomes are posted back to the loop. What is committed in one turn of the loop is one unit of work, in order: most of what a
// small commit costs is its savepoint and the wake-ups around it.
// Delivery: at least once. A message is claimable after the commit that holds it, and gone after the commit that settles it; a claim of
// a dead engine is ready again. Messages of one component instance are offered in the order queued. Only an *arrival* (offer) may be
// claimed before it is stored, and what it sends before their common commit: nobody has been told yet that it is accepted, and nobody is
// until whenStored() says so.
// Errors: enqueue reports a failed commit, nothing was accepted. What settles a claimed message (settle, delay, bury) is tried again
// until it commits, so that an outcome is never lost to a full disk, and what is done to its flow afterwards waits for it.
// A *trace* is all that descends from one message; its payloads go when its last message goes (R3).
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "queue/arrivals.h"
#include "queue/commit_line.h"
#include "queue/message.h"
#include "queue/ready_lanes.h"
#include "queue/ready_memory.h"
#include "queue/stored_messages.h"
#include "queue/traces.h"
#include "store/store.h"
#include "store/unprocessed.h"

namespace patchbay::queue {

struct QueueOptions {
  std::size_t memoryMessages = 50'000;        // ready messages held in memory; more stay in the table until there is room
  std::size_t memoryBytes = 128u << 20;
  std::size_t laneMessages = 500;             // of one component instance
  std::int64_t depthLimit = 200'000;          // stored messages; beyond, nothing is taken from outside. Half of it for one flow
  std::size_t maxInFlight = 50;               // calls of one component instance at a time; as many more may wait for their commits
};

// What an engine wants to be told. All on the engine loop.
class QueueListener {
 public:
  virtual ~QueueListener() = default;
  virtual void onReady() = 0;                    // something may be claimed
  virtual void onTraceEnded(MessageId trace) = 0;  // its last message is settled and committed
  virtual void onScheduled(std::int64_t dueAt) = 0;
};

// A parked message and what becomes of it.
struct ParkedLetter {
  MessagePtr message;
  store::UnprocessedRecord record;
};

class MessageQueue {
 public:
  using Done = std::function<void(base::Status)>;

  MessageQueue(store::Store& store, base::Executor& loop, QueueOptions options);
  void setListener(QueueListener& listener) { listener_ = &listener; }

  // Reads ids, traces and ready rows. Once, before anything else; blocking.
  base::Status open();

  MessageId reserveId() { return nextId_.fetch_add(1); }
  PayloadId reservePayloadId() { return nextPayloadId_.fetch_add(1); }
  PayloadPtr makePayload(std::string json);
  const MessageNames& names() const { return *names_; }
  bool full() const { return traces_.live() >= options_.depthLimit; }
  // Nothing more may come from outside for this flow: the queue is full, or the flow holds as much of it as one may.
  bool full(const std::string& flowId) const { return full() || traces_.liveOf(flowId) >= flowLimit(); }
  std::int64_t flowLimit() const { return std::max<std::int64_t>(1, options_.depthLimit / 2); }
  std::string largestFlow() const { return traces_.largestFlow(); }
  std::int64_t depth() const { return traces_.live(); }

  // Commits the emission (may be empty) together with `also` (may be empty), then makes it ready or schedules it. `done` on the
  // loop. Units given here are stored in the order given, those of settle, delay and bury among them.
  void enqueue(Emission emission, store::Unit also, Done done);
  // For units of work of others, which store an emission by insertEmission(): once such a unit is committed, adopt() makes its messages
  // ready. A crash between the two loses nothing.
  void adopt(const Emission& emission);
  // May this message come as an arrival? Not when it would have to wait, when commits fail, or when its id is not reserved on disk.
  bool mayOffer(const Message& message) const { return message.id <= reservedUpTo_ && line_.isSound() && memory_.mayTake(message); }
  // An arrival, the first of its trace and with no scope: ready at once, not stored. The commit that settles it spares it the rows; before
  // anything else is committed for it, it is stored (keep), and also when it is not settled within 40 ms.
  void offer(MessagePtr message);
  // Stores an arrival, before all that is submitted after this call. Nothing to do for what is stored.
  void keep(const MessagePtr& message) { arrivals_.keep(message); }
  // An arrival that nothing stores so far: settle() will be the first of it.
  bool isUnstored(const Message& message) const { return Arrivals::isOpen(message); }
  // There are some that are not stored so far.
  bool hasArrivals() const { return arrivals_.any(); }
  // Calls `then` once the message is stored or settled, on the loop: at once, when it is no arrival any more.
  void whenStored(const MessagePtr& message, std::function<void()> then) { arrivals_.whenStored(message, std::move(then)); }
  // Not stored: a tick, a start or a stop. Ready at once.
  void wake(MessagePtr message);

  MessagePtr claim(const Gate& gate) { return lanes_.claim(gate); }
  void unblock(const std::string& name);
  // A claimed message that was not started: again at the head of its lane.
  void release(MessagePtr message);

  // The claimed message is done: it goes, and what it emitted and `also` come, in one commit.
  void settle(MessagePtr message, Emission emission, store::Unit also, Done done);
  // Again at message->dueAt, with its counts as they now are.
  void delay(MessagePtr message, Done done);
  // Becomes an unprocessed message.
  void bury(MessagePtr message, store::UnprocessedRecord record, store::Unit also, Done done);
  // Those that are parked still become unprocessed messages.
  void buryParked(std::vector<ParkedLetter> letters, Done done);
  // A claimed message that is not stored is over.
  void finish(const MessagePtr& message);

  // A claimed message whose attempt was fenced: in memory no more, its row stays for dropFlow or parkFlow.
  void abandon(const MessagePtr& message);

  // Removes a waiting timeout. It does not come any more, unless it has been claimed.
  void cancelScheduled(MessageId id, Done done);
  // All of a flow, together with `also`: gone, or parked until unpark.
  void dropFlow(const std::string& flowId, store::Unit also, Done done);
  void parkFlow(const std::string& flowId, store::Unit also, Done done);
  void unparkFlow(const std::string& flowId, store::Unit also, Done done);

  // What waits for another attempt becomes ready at once, in the order queued; timeouts keep their time. An empty componentId: all
  // components of the flow.
  struct Instance {
    std::string flowId, componentId;
  };
  void makeRetriesReady(std::vector<Instance> instances);

  // Rows whose time has come become ready. `done` says when the next one is due, if any.
  void wakeDue(base::Time now, std::function<void(std::optional<std::int64_t> nextDue)> done);

  std::size_t inFlight(std::string_view flowId) const { return lanes_.inFlight(flowId); }
  std::size_t readyInMemory() const { return lanes_.size(); }

 private:
  struct Commit;
  using CommitPtr = std::shared_ptr<Commit>;
  void submit(CommitPtr commit);
  void committed(const CommitPtr& commit, const base::Status& status);
  void enterTrace(const Emission& emission);
  void takeBack(const Emission& emission);
  void submitSurely(const std::string& flowId, store::Unit unit, std::function<void()> committed);
  void add(const std::vector<MessagePtr>& messages);
  void sendAhead(const std::vector<MessagePtr>& messages);
  void endCall(Message& message);
  void reserveIds();
  void reserved(const Commit& commit);
  void endTrace(MessageId trace);
  void forgetFlow(const std::string& flowId);

  store::Store& store_;
  QueueOptions options_;
  QueueListener* listener_ = nullptr;
  std::unique_ptr<MessageNames> names_;
  std::atomic<MessageId> nextId_{1};
  std::atomic<PayloadId> nextPayloadId_{1};
  CommitLine line_;
  ReadyLanes lanes_;
  Traces traces_;
  Arrivals arrivals_;
  ReadyMemory memory_;
  MessageId reservedUpTo_ = 0;  // a restart gives none of these again
};

}  // namespace patchbay::queue
