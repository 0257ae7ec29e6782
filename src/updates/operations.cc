#include "updates/operations.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/log.h"

namespace patchbay::updates {

namespace {
constexpr std::size_t kThreads = 2;
constexpr std::size_t kMostWaiting = 1000;  // all updates of a page at once
constexpr std::size_t kMostHeldBytes = std::size_t{256} << 20;
constexpr base::Millis kBetweenTries{1000};
}  // namespace

Operations::Operations(const Rollout::Parts& parts, base::Random& random)
    : parts_(parts),
      random_(random),
      rollout_(parts, *this),
      thread_(
          parts.store, operationKinds(),
          [this](store::OperationRecord record) { carryOut(std::move(record)); }, kThreads) {}

Operations::~Operations() {
  end();
}

void Operations::end() {
  rollout_.stop();
  thread_.end();
  const std::lock_guard lock(mutex_);
  ended_.notify_all();
}

// Under mutex_.
bool Operations::hasRoomFor(const Order& order) const {
  std::size_t bytes = order.heldBytes;
  for (const auto& [ticket, waiting] : orders_) {
    bytes += waiting.heldBytes;
  }
  return orders_.empty() || (orders_.size() < kMostWaiting && bytes <= kMostHeldBytes);
}

base::Result<Operation> Operations::begin(Operation operation, Order order) {
  operation.ticket = base::newUuid(random_);
  operation.created = operation.updated = base::toMillis(parts_.clock.now());
  {
    const std::lock_guard lock(mutex_);
    if (!hasRoomFor(order)) {
      return base::fail(base::Code::kTooMany,
                        "Too many operations on connectors wait. Nothing was changed: try again in "
                        "a minute.");
    }
    for (const auto& [ticket, other] : live_) {
      if (!operation.name.empty() && other.name == operation.name) {
        return base::fail(base::Code::kConnectorBusy,
                          "Another operation works on " + operation.name +
                              ". Nothing was changed: follow its ticket, then try again.",
                          json::object{{"ticket", ticket}});
      }
    }
    live_[operation.ticket] = operation;
    orders_[operation.ticket] = std::move(order);
  }
  store::OperationRecord record = operation.record();
  const auto stored = parts_.store.write([&record](store::Transaction& tx) {
    tx.operations().put(record);
    return base::Status();
  });
  if (!stored) {
    const std::lock_guard lock(mutex_);
    live_.erase(operation.ticket);
    orders_.erase(operation.ticket);
    return stored.error();
  }
  thread_.add(std::move(record));
  return operation;
}

Operation Operations::await(const std::string& ticket) {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return !live_.contains(ticket) || thread_.ending(); });
  lock.unlock();
  auto operation = byTicket(ticket);
  return operation ? std::move(*operation) : Operation();
}

base::Result<Operation> Operations::byTicket(const std::string& ticket) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto live = live_.find(ticket); live != live_.end()) {
      return live->second;
    }
  }
  std::optional<store::OperationRecord> record;
  if (auto read = parts_.store.read(
          [&](store::Transaction& tx) { record = tx.operations().byTicket(ticket); });
      !read) {
    return read.error();
  }
  if (!record || !thread_.owns(*record)) {
    return base::fail(base::Code::kNotFound, "There is no operation with this ticket.");
  }
  return Operation::read(*record);
}

base::Result<std::vector<Operation>> Operations::list(const std::string& connector,
                                                      std::int64_t offset,
                                                      std::int64_t limit) const {
  std::vector<Operation> operations;
  const auto read = parts_.store.read([&](store::Transaction& tx) {
    for (const auto& record : tx.operations().ofConnectors(connector, offset, limit)) {
      operations.push_back(Operation::read(record));
    }
  });
  if (!read) {
    return read.error();
  }
  const std::lock_guard lock(mutex_);
  for (Operation& operation : operations) {
    if (const auto live = live_.find(operation.ticket); live != live_.end()) {
      operation = live->second;
    }
  }
  return operations;
}

base::Result<std::optional<Operation>> Operations::lastOn(const std::string& connector) const {
  constexpr std::int64_t kPage = 100;
  for (std::int64_t offset = 0;; offset += kPage) {
    auto page = list("", offset, kPage);
    if (!page) {
      return page.error();
    }
    for (Operation& operation : *page) {
      if (operation.status == "completed" && operation.after.contains(connector)) {
        return std::optional(std::move(operation));
      }
    }
    if (static_cast<std::int64_t>(page->size()) < kPage) {
      return std::optional<Operation>();
    }
  }
}

base::Status Operations::cancel(const std::string& ticket) {
  auto operation = byTicket(ticket);
  if (!operation) {
    return operation.error();
  }
  const std::lock_guard lock(mutex_);
  const auto live = live_.find(ticket);
  if (live == live_.end() || live->second.phase >= Phase::kSwitch) {
    return base::fail(base::Code::kConflict,
                      "The operation has gone too far to be cancelled. Take it back with a "
                      "rollback when it has ended.");
  }
  cancelled_.insert(ticket);
  return {};
}

std::optional<Operation> Operations::running(const std::string& connector) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [ticket, operation] : live_) {
    if (operation.name == connector) {
      return operation;
    }
  }
  return std::nullopt;
}

void Operations::watch(const std::string& ticket, Watcher watcher) {
  const std::lock_guard lock(watching_);
  std::vector<Operation> now;
  if (auto ended = byTicket(ticket); ended && ended->status != "in-progress") {
    now.push_back(std::move(*ended));
  }
  {
    const std::lock_guard live(mutex_);
    for (const auto& [id, operation] : live_) {
      now.push_back(operation);
    }
  }
  for (const Operation& operation : now) {
    if (!watcher(operation)) {
      return;
    }
  }
  watchers_.push_back(std::move(watcher));
}

void Operations::tell(const Operation& operation) {
  const std::lock_guard lock(watching_);
  std::erase_if(watchers_, [&](const Watcher& watcher) { return !watcher(operation); });
}

base::Status Operations::save(Operation& operation) {
  operation.updated = base::toMillis(parts_.clock.now());
  const auto record = operation.record();
  base::Status stored = parts_.store.write([&record](store::Transaction& tx) {
    tx.operations().put(record);
    return base::Status();
  });
  if (stored) {
    show(operation);
  }
  return stored;
}

void Operations::show(const Operation& operation) {
  {
    const std::lock_guard lock(mutex_);
    live_[operation.ticket] = operation;
  }
  tell(operation);
}

bool Operations::cancelled(const std::string& ticket) const {
  const std::lock_guard lock(mutex_);
  return cancelled_.contains(ticket);
}

void Operations::carryOut(store::OperationRecord record) {
  Operation operation = Operation::read(record);
  std::optional<Order> order;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = orders_.find(operation.ticket); found != orders_.end()) {
      order = std::move(found->second);
      orders_.erase(found);
    }
    live_[operation.ticket] = operation;
  }
  if (operation.switched()) {  // cut off after it
    rollout_.resume(operation);
    finish(operation, {});
  } else if (!order) {
    finish(operation,
           base::fail(base::Code::kUnavailable,
                      "The server stopped before the operation had switched. Nothing was "
                      "changed, and what it had stopped is started again: begin anew."));
  } else {
    base::Status status = base::fail(base::Code::kInternal, "");
    try {
      status = rollout_.run(operation, *order);
    } catch (const std::exception& failure) {
      status = base::fail(base::Code::kInternal,
                          std::string("The operation failed: ") + failure.what() + ".");
    }
    finish(operation, status);
  }
}

// Until the store lets it. `updated` stays that of the switch: what owners did later is told apart
// by it. False: the server stops.
bool Operations::storeEnd(const Operation& operation, bool audited) {
  const auto record = operation.record();
  for (;;) {
    const auto stored = parts_.store.write([&](store::Transaction& tx) {
      tx.operations().put(record);
      if (!audited) {
        addAudit(tx, operation, parts_.clock.now());
      }
      return base::Status();
    });
    if (stored) {
      return true;
    }
    spdlog::error("the end of operation {} could not be stored yet: {}", operation.ticket,
                  stored.error().message);
    if (!thread_.wait(kBetweenTries)) {
      return false;
    }
  }
}

void Operations::finish(Operation& operation, const base::Status& status) {
  if (!status) {
    rollout_.takeBack(operation);
  }
  if (thread_.ending()) {
    const std::lock_guard lock(mutex_);
    live_.erase(operation.ticket);
    ended_.notify_all();
    return;  // its row says "in-progress": the next start takes it back, or goes on
  }
  const base::Time now = parts_.clock.now();
  const bool wasSwitched = operation.switched();
  operation.finished = base::toIso(now);
  if (status) {
    operation.status = "completed";
    operation.phase = Phase::kDone;
  } else {
    operation.status = cancelled(operation.ticket) ? "cancelled" : "failed";
    operation.err = status.error().message;
    operation.code = base::codeText(status.error().code);
    operation.data = status.error().data;
    spdlog::info("{} of {} failed: {}", actionText(operation.action), operation.name,
                 operation.err);
  }
  if (!storeEnd(operation, wasSwitched)) {
    return;  // carried on at the next start
  }
  {
    const std::lock_guard lock(mutex_);
    live_.erase(operation.ticket);
    cancelled_.erase(operation.ticket);
    ended_.notify_all();
  }
  tell(operation);
}

}  // namespace patchbay::updates
