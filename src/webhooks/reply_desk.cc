#include "webhooks/reply_desk.h"

namespace patchbay::webhooks {

void ReplyDesk::wait(store::MessageId trace, const std::string& correlationId, base::Millis timeout, Respond respond) {
  Entry& entry = byTrace_[trace];
  entry.correlationId = correlationId;
  entry.respond = std::move(respond);
  entry.deadline = loop_.after(timeout, [this, trace] {
    Reply late;
    late.status = 202;
    answer(trace, std::move(late));
  });
  byCorrelation_[correlationId] = trace;
}

void ReplyDesk::answer(store::MessageId trace, Reply reply) {
  const auto found = byTrace_.find(trace);
  if (found == byTrace_.end()) {
    return;
  }
  Entry entry = std::move(found->second);
  byTrace_.erase(found);
  loop_.cancel(entry.deadline);
  const auto correlated = byCorrelation_.find(entry.correlationId);
  if (correlated != byCorrelation_.end() && correlated->second == trace) {
    byCorrelation_.erase(correlated);
  }
  entry.respond(std::move(reply));
}

bool ReplyDesk::respond(const std::string& correlationId, Reply reply) {
  const auto found = byCorrelation_.find(correlationId);
  if (found == byCorrelation_.end()) {
    return false;
  }
  answer(found->second, std::move(reply));
  return true;
}

void ReplyDesk::traceEnded(store::MessageId trace) { answer(trace, Reply{}); }

void ReplyDesk::attemptFailed(store::MessageId trace, const std::function<Reply()>& reply) {
  if (byTrace_.contains(trace)) {
    answer(trace, reply());
  }
}

void ReplyDesk::closeAll() {
  while (!byTrace_.empty()) {
    Reply accepted;
    accepted.status = 202;
    answer(byTrace_.begin()->first, std::move(accepted));
  }
}

}  // namespace patchbay::webhooks
