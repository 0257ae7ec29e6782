#include "queue/arrivals.h"

#include <algorithm>
#include <utility>

#include "queue/stored_messages.h"

namespace patchbay::queue {

namespace {
constexpr base::Millis kLook{20};  // an arrival is stored at the second look
}  // namespace

void Arrivals::add(const MessagePtr& message) {
  message->arrival = std::make_shared<Arrival>();
  if (recent_.empty() && older_.empty()) {
    loop_.after(kLook, [this] { keepOlder(); });
  }
  recent_.push_back(message);
}

void Arrivals::follow(Message& message) { message.arrival = std::make_shared<Arrival>(Arrival{true, {}}); }

void Arrivals::keepOlder() {
  for (const MessagePtr& message : std::exchange(older_, std::exchange(recent_, {}))) {
    keep(message);
  }
  if (!older_.empty()) {
    loop_.after(kLook, [this] { keepOlder(); });
  }
}

// The commit thread gets a copy: the loop goes on with the message.
void Arrivals::keep(const MessagePtr& message) {
  if (!leave(*message)) {
    return;
  }
  traces_.addPayload(message->trace, message->payload->id);
  auto copy = std::make_shared<Message>(*message);
  copy->arrival = nullptr;
  line_.submit(
      [copy = std::move(copy)](store::Transaction& tx) {
        insertEmission(tx, Emission{{copy}, {copy->payload}});
        return base::Status();
      },
      CommitLine::Tries::kSurely, message->flowId, [message](const base::Status&) { stored(message); });
}

void Arrivals::keepFlow(const std::string& flowId) {
  for (const auto* arrivals : {&older_, &recent_}) {
    for (const MessagePtr& message : *arrivals) {
      if (message->flowId == flowId) {
        keep(message);
      }
    }
  }
}

bool Arrivals::leave(Message& message) {
  const bool wasOpen = isOpen(message);
  if (wasOpen) {
    message.arrival->isLeaving = true;
  }
  return wasOpen;
}

void Arrivals::stored(const MessagePtr& message) {
  if (message->arrival == nullptr) {
    return;
  }
  const auto arrival = std::exchange(message->arrival, nullptr);
  for (const auto& then : arrival->waiting) {
    then();
  }
}

void Arrivals::whenStored(const MessagePtr& message, std::function<void()> then) {
  if (message->arrival == nullptr) {
    then();
    return;
  }
  message->arrival->waiting.push_back(std::move(then));
  keep(message);
}

bool Arrivals::any() const {
  const auto isOpen = [](const MessagePtr& message) { return message->arrival != nullptr; };
  return std::any_of(older_.begin(), older_.end(), isOpen) || std::any_of(recent_.begin(), recent_.end(), isOpen);
}

}  // namespace patchbay::queue
