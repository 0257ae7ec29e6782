// Callers of webhooks who wait for an answer, and what they are told (R1).
//
// An entry is answered by the first of: a component's response for its correlation id, the end of its trace (`200 {}`), a failed attempt in
// its trace (`400`), its deadline (`202 {}`).
// Threads: the engine loop. Respond is called exactly once per entry, on the loop, and must not block.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "store/messages.h"

namespace patchbay::webhooks {

struct Reply {
  int status = 200;
  std::string body = "{}";
  std::string contentType = "application/json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
};

class ReplyDesk {
 public:
  using Respond = std::function<void(Reply)>;

  explicit ReplyDesk(base::Executor& loop) : loop_(loop) {}

  void wait(store::MessageId trace, const std::string& correlationId, base::Millis timeout, Respond respond);
  // False when nobody waits (any more): no effect.
  bool respond(const std::string& correlationId, Reply reply);
  void traceEnded(store::MessageId trace);
  void attemptFailed(store::MessageId trace, const std::function<Reply()>& reply);
  // The server stops: everybody is told that his message was accepted.
  void closeAll();
  bool waits(store::MessageId trace) const { return byTrace_.contains(trace); }
  std::size_t size() const { return byTrace_.size(); }

 private:
  struct Entry {
    std::string correlationId;
    base::TimerId deadline = 0;
    Respond respond;
  };
  void answer(store::MessageId trace, Reply reply);

  base::Executor& loop_;
  std::unordered_map<store::MessageId, Entry> byTrace_;
  std::unordered_map<std::string, store::MessageId> byCorrelation_;
};

}  // namespace patchbay::webhooks
