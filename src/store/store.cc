#include "store/store.h"

#include <future>

#include "store/messages.h"

namespace patchbay::store {

NewMessage::NewMessage(const MessageRecord& record)
    : id(record.id),
      kind(record.kind),
      state(record.state),
      flowId(record.flowId),
      componentId(record.componentId),
      port(record.port),
      sourceId(record.sourceId),
      sourcePort(record.sourcePort),
      correlationId(record.correlationId),
      payload(record.payload),
      scope(record.scope),
      extra(record.extra),
      runId(record.runId),
      trace(record.trace),
      arrivedAt(record.arrivedAt),
      dueAt(record.dueAt),
      attempts(record.attempts),
      losses(record.losses) {}

base::Status Store::write(Unit unit) {
  std::promise<base::Status> committed;
  auto outcome = committed.get_future();
  submit(std::move(unit), [&committed](base::Status status) { committed.set_value(std::move(status)); });
  beforeWaiting();
  return outcome.get();
}

}  // namespace patchbay::store
