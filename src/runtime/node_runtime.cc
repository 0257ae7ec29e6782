#include "runtime/node_runtime.h"

namespace patchbay::runtime {

NodeRuntime::NodeRuntime(NodeHost& host, const base::Clock& clock, RuntimeOptions options)
    : host_(host), clock_(clock), options_(options) {}

NodeRuntime::~NodeRuntime() = default;

WorkerPool& NodeRuntime::poolOf(const WorkerSpec& spec) {
  auto& pool = pools_[spec.revision];
  if (pool == nullptr) {
    pool = std::make_unique<WorkerPool>(host_, *this, options_.pool, spec);
  }
  return *pool;
}

std::size_t NodeRuntime::capacity(const WorkerSpec& spec) {
  const std::size_t room = poolOf(spec).capacity();
  anyFull_ = anyFull_ || room == 0;
  return room;
}

base::Result<CallId> NodeRuntime::call(Invocation invocation, CallListener& listener) {
  const CallId id = ++lastCall_;
  WorkerPool& pool = poolOf(*invocation.spec);
  calls_.emplace(id, Place{&pool, nullptr});
  if (const auto status = pool.call(id, std::move(invocation), listener); !status) {
    calls_.erase(id);
    anyFull_ = true;
    return status.error();
  }
  return id;
}

void NodeRuntime::reply(CallId call, std::uint64_t q, std::string_view json) {
  const auto place = calls_.find(call);
  if (place != calls_.end() && place->second.worker != nullptr) {
    place->second.worker->reply(call, q, "ok", json);
  }
}

void NodeRuntime::replyError(CallId call, std::uint64_t q, std::string_view errJson) {
  const auto place = calls_.find(call);
  if (place != calls_.end() && place->second.worker != nullptr) {
    place->second.worker->reply(call, q, "err", errJson);
  }
}

void NodeRuntime::cancel(CallId call) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) {
    return;
  }
  const Place place = found->second;
  if (place.worker != nullptr) {
    place.worker->cancel(call);
  } else {
    place.pool->cancelWaiting(call);
  }
}

void NodeRuntime::retire(const std::string& revision) {
  const auto found = pools_.find(revision);
  if (found != pools_.end()) {
    retired_.push_back(std::move(found->second));
    pools_.erase(found);
    retired_.back()->retire();
    tellLater();
  }
}

void NodeRuntime::onCapacity(std::function<void(const std::string&)> told) {
  told_ = std::move(told);
}

std::size_t NodeRuntime::processes() const {
  std::size_t count = 0;
  for (const auto& [revision, pool] : pools_) {
    count += pool->openProcesses();
  }
  return count;
}

std::vector<std::string> NodeRuntime::resting() const {
  std::vector<std::string> revisions;
  for (const auto& [revision, pool] : pools_) {
    if (pool->isResting()) {
      revisions.push_back(revision);
    }
  }
  return revisions;
}

bool NodeRuntime::hasRoom() const {
  return processes() < options_.maxProcesses || longestIdle() != nullptr;
}

bool NodeRuntime::makeRoom() {
  if (processes() < options_.maxProcesses) {
    return true;
  }
  WorkerPool* pool = longestIdle();
  return pool != nullptr && pool->stopIdle();
}

WorkerPool* NodeRuntime::longestIdle() const {
  WorkerPool* longest = nullptr;
  std::optional<Worker::Moment> since;
  for (const auto& [revision, pool] : pools_) {
    const auto idle = pool->idleSince();
    if (idle && (!since || *idle < *since)) {
      longest = pool.get();
      since = idle;
    }
  }
  return longest;
}

void NodeRuntime::onPlaced(CallId call, Worker& worker) {
  calls_.find(call)->second.worker = &worker;
}

void NodeRuntime::onCallOver(CallId call) {
  calls_.erase(call);
}

// A change in one pool may give room to another that waits at the common cap.
void NodeRuntime::onPoolChanged(WorkerPool&) {
  if (anyFull_ || !retired_.empty()) {
    tellLater();
  }
}

void NodeRuntime::tellLater() {
  if (*isTelling_) {
    return;
  }
  *isTelling_ = true;
  host_.executor().post([this, alive = std::weak_ptr(isTelling_)] {
    if (const auto flag = alive.lock()) {
      *flag = false;
      tell();
    }
  });
}

void NodeRuntime::tell() {
  std::erase_if(retired_, [](const auto& pool) { return pool->isEmpty(); });
  std::vector<std::string> relieved;
  anyFull_ = false;
  for (const auto& [revision, pool] : pools_) {
    if (pool->takeRelief()) {
      relieved.push_back(revision);
    }
    anyFull_ = anyFull_ || pool->wasFull();
  }
  for (const std::string& revision : relieved) {
    if (told_) {
      told_(revision);
    }
  }
}

}  // namespace patchbay::runtime
