#include "queue/message_queue.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "store/messages.h"

namespace patchbay::queue {

namespace {
constexpr std::size_t kDueBatch = 500;
}  // namespace

// One unit on its way through the commit thread and back.
struct MessageQueue::Commit {
  Emission emission;
  MessagePtr settled;                   // claimed message that goes, or null
  bool neverStored = false;             // the settled one was an arrival: it has no rows
  std::vector<PayloadId> endedPayloads;
  std::optional<store::UnprocessedRecord> buried;
  MessageId endedTrace = 0;
  store::Unit also;
  Done done;
  bool surely = false;                  // try again until it commits

  // Others' units (`also`) may have effects outside the store; those that are tried until they commit have none.
  CommitLine::Tries tries() const {
    return surely ? CommitLine::Tries::kSurely : also ? CommitLine::Tries::kOnce : CommitLine::Tries::kRepeatable;
  }

  const std::string& flowId() const {
    static const std::string kNone;
    return settled != nullptr ? settled->flowId : emission.messages.empty() ? kNone : emission.messages.front()->flowId;
  }

  base::Status apply(store::Transaction& tx) const {
    insertEmission(tx, emission);
    store::MessageTable& messages = tx.messages();
    if (neverStored) {
      messages.pass(settled->id);
    } else if (settled != nullptr) {
      messages.erase(settled->id);
    }
    if (!endedPayloads.empty()) {
      messages.erasePayloads(endedPayloads);
    }
    if (buried) {
      tx.unprocessed().insert(*buried);
    }
    return also ? also(tx) : base::Status();
  }
};

MessageQueue::MessageQueue(store::Store& store, base::Executor& loop, QueueOptions options)
    : store_(store),
      options_(options),
      line_(store, loop, [this] { memory_.refill(); }),
      lanes_(options.maxInFlight, options.laneMessages),
      arrivals_(line_, traces_, loop),
      memory_(store, loop, lanes_, {options.memoryMessages, options.memoryBytes}, [this] {
        if (listener_ != nullptr) {
          listener_->onReady();
        }
      }) {}

PayloadPtr MessageQueue::makePayload(std::string json) {
  return std::make_shared<const Payload>(Payload{reservePayloadId(), std::move(json)});
}

base::Status MessageQueue::open() {
  auto salt = readNameSalt(store_);
  if (!salt) {
    return salt.error();
  }
  names_ = std::make_unique<MessageNames>(*salt);
  std::vector<PayloadId> unreferenced;
  base::Status status = store_.read([&](store::Transaction& tx) {
    nextId_ = tx.messages().maxId() + 1;
    nextPayloadId_ = tx.messages().maxPayloadId() + 1;
    std::set<PayloadId> named;
    for (const store::MessageOutline& row : tx.messages().outlines()) {
      traces_.enter(row.trace, row.flowId);
      traces_.addPayload(row.trace, row.payload);
      named.insert(row.payload);
      for (const store::ScopeEntry& entry : readScope(row.scope)) {
        traces_.addPayload(row.trace, entry.payload);
        named.insert(entry.payload);
      }
    }
    for (const PayloadId id : tx.messages().payloadIds()) {
      if (!named.contains(id)) {
        unreferenced.push_back(id);
      }
    }
  });
  if (status && !unreferenced.empty()) {
    status = store_.write([&](store::Transaction& tx) {
      tx.messages().erasePayloads(unreferenced);
      return base::Status();
    });
  }
  memory_.scanFrom(1);
  memory_.refill();
  reserveIds();
  return status;
}

// Components are told the id of an arrival before its commit: a restart must not give it to another message.
void MessageQueue::reserveIds() {
  submitSurely(
      {},
      [last = nextId_ - 1](store::Transaction& tx) {
        tx.messages().pass(last);
        return base::Status();
      },
      [this, last = nextId_ - 1] { reservedUpTo_ = last + store::kIdsAhead; });
}

void MessageQueue::reserved(const Commit& commit) {
  const auto raise = [this](const MessagePtr& message) { reservedUpTo_ = std::max(reservedUpTo_, message->id + store::kIdsAhead); };
  if (commit.settled != nullptr) {
    raise(commit.settled);
  }
  if (!commit.emission.messages.empty()) {
    raise(commit.emission.messages.back());
  }
}

void MessageQueue::submit(CommitPtr commit) {
  line_.submit([commit](store::Transaction& tx) { return commit->apply(tx); }, commit->tries(), commit->flowId(),
               [this, commit](const base::Status& status) { committed(commit, status); });
}

void MessageQueue::committed(const CommitPtr& commit, const base::Status& status) {
  if (!status) {
    takeBack(commit->emission);
  } else {
    reserved(*commit);
    if (commit->settled != nullptr) {
      memory_.forget(commit->settled->id);
      finish(commit->settled);
      Arrivals::stored(commit->settled);
    }
    add(commit->emission.messages);
  }
  if (commit->done) {
    commit->done(status);
  }
  if (status && commit->endedTrace != 0) {
    listener_->onTraceEnded(commit->endedTrace);
  }
}

void MessageQueue::submitSurely(const std::string& flowId, store::Unit unit, std::function<void()> committed) {
  line_.submit(std::move(unit), CommitLine::Tries::kSurely, flowId,
               [committed = std::move(committed)](const base::Status&) { committed(); });
}

void MessageQueue::enterTrace(const Emission& emission) {
  for (const MessagePtr& message : emission.messages) {
    traces_.enter(message->trace, message->flowId);
  }
  if (!emission.messages.empty()) {
    for (const PayloadPtr& payload : emission.payloads) {
      traces_.addPayload(emission.messages.front()->trace, payload->id);
    }
  }
}

void MessageQueue::enqueue(Emission emission, store::Unit also, Done done) {
  enterTrace(emission);
  auto commit = std::make_shared<Commit>();
  commit->emission = std::move(emission);
  commit->also = std::move(also);
  commit->done = std::move(done);
  submit(std::move(commit));
}

// It was not stored. A trace that it began has no payloads to erase; that of an older one may end with it.
void MessageQueue::takeBack(const Emission& emission) {
  for (const MessagePtr& message : emission.messages) {
    if (message->trace == emission.messages.front()->id) {
      traces_.undo(message->trace);
    } else {
      endTrace(message->trace);
    }
  }
}

void MessageQueue::adopt(const Emission& emission) {
  enterTrace(emission);
  add(emission.messages);
}

void MessageQueue::settle(MessagePtr message, Emission emission, store::Unit also, Done done) {
  if (message->id == 0) {
    finish(message);
    if (!emission.messages.empty() || also) {
      enqueue(std::move(emission), std::move(also), std::move(done));
    } else if (done) {
      done(base::Status());
    }
    return;
  }
  endCall(*message);
  auto commit = std::make_shared<Commit>();
  enterTrace(emission);
  if (traces_.leave(message->trace, commit->endedPayloads)) {
    commit->endedTrace = message->trace;
  }
  commit->neverStored = Arrivals::leave(*message);
  const bool goesAhead = commit->neverStored && !also;  // what is sent may ask for what `also` writes
  commit->emission = std::move(emission);
  commit->settled = std::move(message);
  commit->also = std::move(also);
  commit->done = std::move(done);
  commit->surely = true;
  submit(commit);
  if (goesAhead) {
    sendAhead(commit->emission.messages);
  }
}

// Nobody has been told that the arrival is accepted, nor can be before the commit that settles it and stores these.
void MessageQueue::sendAhead(const std::vector<MessagePtr>& messages) {
  for (const MessagePtr& message : messages) {
    if (message->dueAt > 0 || !mayOffer(*message)) {
      break;  // those behind it neither: they keep their order
    }
    Arrivals::follow(*message);
    memory_.push(message);
  }
  if (lanes_.hasWork()) {
    listener_->onReady();
  }
}

void MessageQueue::bury(MessagePtr message, store::UnprocessedRecord record, store::Unit also, Done done) {
  arrivals_.keep(message);
  auto commit = std::make_shared<Commit>();
  if (traces_.leave(message->trace, commit->endedPayloads)) {
    commit->endedTrace = message->trace;
  }
  commit->settled = std::move(message);
  commit->buried = std::move(record);
  commit->also = std::move(also);
  commit->done = std::move(done);
  commit->surely = true;
  submit(std::move(commit));
}

void MessageQueue::buryParked(std::vector<ParkedLetter> letters, Done done) {
  auto ended = std::make_shared<std::vector<MessageId>>();  // a trace for each message that went
  submitSurely(
      {},
      [ended, letters = std::move(letters)](store::Transaction& tx) {
        ended->clear();
        for (const ParkedLetter& letter : letters) {
          const auto row = tx.messages().byId(letter.message->id);
          if (row && row->state == store::MessageState::kParked) {
            tx.messages().erase(row->id);
            tx.unprocessed().insert(letter.record);
            ended->push_back(row->trace);
          }
        }
        return base::Status();
      },
      [this, ended, done = std::move(done)] {
        for (const MessageId trace : *ended) {
          endTrace(trace);
        }
        done(base::Status());
      });
}

void MessageQueue::delay(MessagePtr message, Done done) {
  if (message->id == 0) {
    finish(message);
    return;
  }
  arrivals_.keep(message);
  submitSurely(
      message->flowId,
      [message](store::Transaction& tx) {
        tx.messages().reschedule(message->id, store::MessageState::kScheduled, message->dueAt,
                                 message->attempts, message->losses);
        return base::Status();
      },
      [this, message, done = std::move(done)] {
        memory_.forget(message->id);
        finish(message);
        listener_->onScheduled(message->dueAt);
        if (done) {
          done(base::Status());
        }
      });
}

void MessageQueue::offer(MessagePtr message) {
  traces_.enter(message->trace, message->flowId);
  arrivals_.add(message);
  memory_.push(std::move(message));
  listener_->onReady();
}

void MessageQueue::wake(MessagePtr message) {
  lanes_.push(std::move(message));
  listener_->onReady();
}

void MessageQueue::release(MessagePtr message) {
  arrivals_.keep(message);
  lanes_.finish(*message);
  lanes_.pushFront(std::move(message));
  listener_->onReady();
}

// While commits fail, no others are begun in its place: what was done would be done again after a crash.
void MessageQueue::endCall(Message& message) {
  if (line_.isSound()) {
    lanes_.end(message);
    if (lanes_.hasWork()) {
      listener_->onReady();
    }
  }
}

void MessageQueue::finish(const MessagePtr& message) {
  lanes_.finish(*message);
  if (lanes_.hasWork()) {
    listener_->onReady();
  }
}

void MessageQueue::abandon(const MessagePtr& message) {
  arrivals_.keep(message);
  memory_.forget(message->id);
  finish(message);
}

void MessageQueue::unblock(const std::string& name) {
  lanes_.unblock(name);
  if (lanes_.hasWork()) {
    listener_->onReady();
  }
}

void MessageQueue::add(const std::vector<MessagePtr>& messages) {
  bool ready = false;
  for (const MessagePtr& message : messages) {
    if (message->arrival != nullptr) {
      Arrivals::stored(message);  // sent ahead
      continue;
    }
    if (!traces_.has(message->trace)) {
      continue;  // its flow was dropped while the commit was on its way
    }
    if (message->dueAt > 0) {
      listener_->onScheduled(message->dueAt);
    } else {
      memory_.push(message);
      ready = true;
    }
  }
  if (ready) {
    listener_->onReady();
  }
}

void MessageQueue::wakeDue(base::Time now, std::function<void(std::optional<std::int64_t>)> done) {
  struct Woken {
    std::vector<store::MessageRecord> rows;
    std::optional<std::int64_t> next;
  };
  auto woken = std::make_shared<Woken>();
  submitSurely(
      {},
      [woken, now](store::Transaction& tx) {
        woken->rows = tx.messages().due(base::toMillis(now), kDueBatch);
        for (const store::MessageRecord& row : woken->rows) {
          tx.messages().makeReady(row.id);
        }
        woken->next = tx.messages().nextDue();
        return base::Status();
      },
      [this, woken, done = std::move(done)] {
        memory_.push(woken->rows);
        if (!woken->rows.empty()) {
          listener_->onReady();
        }
        done(woken->next);
      });
}

void MessageQueue::cancelScheduled(MessageId id, Done done) {
  if (const MessagePtr held = memory_.find(id)) {
    if (MessagePtr waiting = lanes_.take(*held)) {
      settle(std::move(waiting), {}, {}, std::move(done));
    } else {
      done(base::Status());  // it is being delivered
    }
    return;
  }
  auto trace = std::make_shared<MessageId>(0);
  submitSurely(
      {},
      [id, trace](store::Transaction& tx) {
        const auto row = tx.messages().byId(id);
        if (row && row->state == store::MessageState::kScheduled) {
          *trace = row->trace;
          tx.messages().erase(id);
        }
        return base::Status();
      },
      [this, trace, done = std::move(done)] {
        if (*trace != 0) {
          endTrace(*trace);
        }
        done(base::Status());
      });
}

void MessageQueue::endTrace(MessageId trace) {
  auto ended = std::make_shared<std::vector<PayloadId>>();
  const std::string flowId = traces_.flowOf(trace);
  if (!traces_.leave(trace, *ended)) {
    return;
  }
  submitSurely(
      flowId,
      [ended](store::Transaction& tx) {
        tx.messages().erasePayloads(*ended);
        return base::Status();
      },
      [this, trace] { listener_->onTraceEnded(trace); });
}

void MessageQueue::forgetFlow(const std::string& flowId) {
  for (const MessageId id : lanes_.takeFlow(flowId)) {
    memory_.forget(id);
  }
}

void MessageQueue::dropFlow(const std::string& flowId, store::Unit also, Done done) {
  arrivals_.keepFlow(flowId);
  forgetFlow(flowId);
  auto ended = std::make_shared<std::vector<PayloadId>>();
  auto traces = std::make_shared<std::vector<MessageId>>(traces_.eraseFlow(flowId, *ended));
  submitSurely(
      flowId,
      [flowId, ended, also = std::move(also)](store::Transaction& tx) {
        tx.messages().eraseFlow(flowId);
        tx.messages().erasePayloads(*ended);
        return also ? also(tx) : base::Status();
      },
      [this, flowId, traces, done = std::move(done)] {
        forgetFlow(flowId);
        for (const MessageId trace : *traces) {
          listener_->onTraceEnded(trace);
        }
        done(base::Status());
      });
}

void MessageQueue::parkFlow(const std::string& flowId, store::Unit also, Done done) {
  arrivals_.keepFlow(flowId);
  forgetFlow(flowId);
  submitSurely(
      flowId,
      [flowId, also = std::move(also)](store::Transaction& tx) {
        tx.messages().parkFlow(flowId);
        return also ? also(tx) : base::Status();
      },
      [this, flowId, done = std::move(done)] {
        forgetFlow(flowId);
        done(base::Status());
      });
}

void MessageQueue::unparkFlow(const std::string& flowId, store::Unit also, Done done) {
  auto first = std::make_shared<std::optional<MessageId>>();
  submitSurely(
      flowId,
      [flowId, first, also = std::move(also)](store::Transaction& tx) {
        *first = tx.messages().unparkFlow(flowId);
        return also ? also(tx) : base::Status();
      },
      [this, first, done = std::move(done)] {
        if (*first) {
          memory_.scanFrom(**first);
          listener_->onScheduled(0);  // timers among them may be due
        }
        done(base::Status());
      });
}

void MessageQueue::makeRetriesReady(std::vector<Instance> instances) {
  auto first = std::make_shared<std::optional<MessageId>>();
  submitSurely(
      {},
      [first, instances = std::move(instances)](store::Transaction& tx) {
        first->reset();
        for (const Instance& instance : instances) {
          if (const auto id = tx.messages().makeRetriesReady(instance.flowId, instance.componentId)) {
            *first = std::min(first->value_or(*id), *id);
          }
        }
        return base::Status();
      },
      [this, first] {
        if (*first) {
          memory_.scanFrom(**first);
        }
      });
}

}  // namespace patchbay::queue
