#include "http/live_events.h"

#include <utility>

namespace patchbay::http {

base::Result<std::shared_ptr<EventStream>> LiveEvents::listen(const access::Caller& caller) {
  const std::lock_guard lock(mutex_);
  forgetEnded();
  if (listeners_.size() >= kMostListeners) {
    return base::fail(base::Code::kTooMany, "Too many listen to events. Ask the resources themselves now and then.");
  }
  auto left = std::make_shared<std::atomic<bool>>(false);
  auto stream = std::make_shared<EventStream>([left] { *left = true; });
  listeners_.push_back({caller.userId, caller.isAdmin(), clock_.now() + kLongest, stream, std::move(left)});
  return stream;
}

std::string LiveEvents::newTicket(const access::Caller& caller) {
  const std::lock_guard lock(mutex_);
  std::erase_if(tickets_, [now = clock_.now()](const auto& entry) { return entry.second.until < now; });
  std::string ticket = base::newUuid(random_);
  tickets_[ticket] = {caller, clock_.now() + kTicketLife};
  return ticket;
}

base::Result<access::Caller> LiveEvents::redeem(const std::string& ticket) {
  const std::lock_guard lock(mutex_);
  const auto found = tickets_.extract(ticket);
  if (!found || found.mapped().until < clock_.now()) {
    return base::fail(base::Code::kUnauthorized, "The ticket is unknown, was used, or is too old. Ask for another by POST /events/ticket.");
  }
  return std::move(found.mapped().caller);
}

void LiveEvents::tellEverybody(std::string_view event, std::string_view json) {
  tell([](const Listener&) { return true; }, event, json);
}

void LiveEvents::tellAdmins(std::string_view event, std::string_view json) {
  tell([](const Listener& listener) { return listener.admin; }, event, json);
}

void LiveEvents::tellOwner(const std::string& userId, std::string_view event, std::string_view json) {
  tell([&userId](const Listener& listener) { return listener.admin || listener.userId == userId; }, event, json);
}

void LiveEvents::forgetEnded() {
  std::erase_if(listeners_, [now = clock_.now()](const Listener& listener) {
    if (!*listener.left && listener.until < now) {
      listener.stream->end();
      return true;
    }
    return listener.left->load();
  });
}

void LiveEvents::tell(const std::function<bool(const Listener&)>& concerns, std::string_view event, std::string_view json) {
  const std::lock_guard lock(mutex_);
  forgetEnded();
  std::erase_if(listeners_, [&](const Listener& listener) { return concerns(listener) && !listener.stream->send(event, json); });
}

}  // namespace patchbay::http
