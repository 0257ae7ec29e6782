// Arrivals: messages that are delivered before they are stored (decision 64), until they are stored or settled.
//
// An arrival is stored before anything else is committed for it but the commit that settles it, which spares it the rows; also when it is
// not settled within 40 ms. Nobody may be told that it is accepted before whenStored() calls back.
// Threads: the engine loop only; units run on the store's commit thread with copies of their own.
// Errors: what stores an arrival is tried again until it commits.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/executor.h"
#include "queue/commit_line.h"
#include "queue/message.h"
#include "queue/traces.h"

namespace patchbay::queue {

class Arrivals {
 public:
  Arrivals(CommitLine& line, Traces& traces, base::Executor& loop) : line_(line), traces_(traces), loop_(loop) {}

  // The first message of its trace, which has begun, and with no scope.
  void add(const MessagePtr& message);
  // An arrival, and nothing that stores or settles it is on its way.
  static bool isOpen(const Message& message) { return message.arrival != nullptr && !message.arrival->isLeaving; }
  // What an arrival sent, of which the commit that settles it is on its way and stores this.
  static void follow(Message& message);
  // Stores it, before all that is submitted to the line after this call. Nothing to do for what is stored.
  void keep(const MessagePtr& message);
  void keepFlow(const std::string& flowId);
  // The commit that settles it is about to be submitted. True: it has no rows and is to get none.
  static bool leave(Message& message);
  // That commit is made: whoever waits is told.
  static void stored(const MessagePtr& message);
  // Calls `then` once it is stored or settled: at once, when it is no arrival any more.
  void whenStored(const MessagePtr& message, std::function<void()> then);
  bool any() const;

 private:
  void keepOlder();

  CommitLine& line_;
  Traces& traces_;
  base::Executor& loop_;
  std::vector<MessagePtr> recent_;  // since the last look
  std::vector<MessagePtr> older_;   // there at the last look
};

}  // namespace patchbay::queue
