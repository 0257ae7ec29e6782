#include "runtime/worker_pool.h"

#include <algorithm>

#include "base/log.h"

namespace patchbay::runtime {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

WorkerPool::WorkerPool(NodeHost& host, Ground& ground, PoolOptions options, WorkerSpec spec)
    : host_(host),
      ground_(ground),
      options_(options),
      spec_(std::move(spec)),
      crashes_(options.rest) {}

WorkerPool::~WorkerPool() {
  host_.executor().cancel(idleTimer_);
}

std::size_t WorkerPool::roomIn(const Worker& worker) const {
  if (!worker.isOpen() || worker.isForAlone() || worker.isCongested()) {
    return 0;
  }
  return options_.maxCalls - std::min(options_.maxCalls, worker.inFlight());
}

std::size_t WorkerPool::openOrdinary() const {
  return static_cast<std::size_t>(
      std::count_if(workers_.begin(), workers_.end(),
                    [](const auto& worker) { return worker->isOpen() && !worker->isForAlone(); }));
}

std::size_t WorkerPool::openProcesses() const {
  return static_cast<std::size_t>(std::count_if(
      workers_.begin(), workers_.end(), [](const auto& worker) { return worker->isOpen(); }));
}

std::size_t WorkerPool::capacity() {
  std::size_t room = 0;
  for (const auto& worker : workers_) {
    room += roomIn(*worker);
  }
  const std::size_t open = openOrdinary();
  if (open < options_.maxProcesses && ground_.hasRoom()) {
    room += (options_.maxProcesses - open) * options_.maxCalls;
  }
  wasFull_ = wasFull_ || room == 0;
  return room;
}

bool WorkerPool::takeRelief() {
  if (!wasFull_) {
    return false;
  }
  wasFull_ = false;
  return capacity() > 0;  // notes it again when it is still full
}

base::Status WorkerPool::checkRest() const {
  const auto rest = crashes_.resting(Steady::now());
  if (!rest) {
    return {};
  }
  return base::fail(base::Code::kQuarantined,
                    "The connector's process keeps crashing and rests until " +
                        base::toIso(ground_.now() + *rest) + ". Last time it " +
                        crashes_.lastReason());
}

base::Status WorkerPool::call(CallId id, Invocation invocation, CallListener& listener) {
  if (auto rests = checkRest(); !rests) {
    return rests;
  }
  if (invocation.alone) {
    return callAlone(id, std::move(invocation), listener);
  }
  Worker* worker = pick();
  if (worker == nullptr) {
    wasFull_ = true;
    return base::fail(base::Code::kUnavailable,
                      "All processes of the connector are busy. Nothing was started; try again.");
  }
  place(*worker, id, invocation, listener);
  return {};
}

Worker* WorkerPool::pick() {
  Worker* best = nullptr;
  for (const auto& worker : workers_) {
    if (roomIn(*worker) > 0 && (best == nullptr || worker->inFlight() < best->inFlight())) {
      best = worker.get();
    }
  }
  if (best != nullptr || openOrdinary() >= options_.maxProcesses) {
    return best;
  }
  return start(false);
}

Worker* WorkerPool::start(bool forAlone) {
  if (!ground_.makeRoom()) {
    return nullptr;
  }
  workers_.push_back(std::make_unique<Worker>(host_, spec_, *this, forAlone));
  armIdle();
  return workers_.back().get();
}

void WorkerPool::place(Worker& worker, CallId id, const Invocation& invocation,
                       CallListener& listener) {
  worker.call(id, invocation, listener);
  ground_.onPlaced(id, worker);
}

base::Status WorkerPool::callAlone(CallId id, Invocation invocation, CallListener& listener) {
  Worker* worker = waiting_.empty() ? pickAlone() : nullptr;
  if (worker != nullptr) {
    place(*worker, id, invocation, listener);
    return {};
  }
  if (waiting_.size() >= options_.maxWaiting) {
    return base::fail(
        base::Code::kUnavailable,
        "Too many calls of the connector wait to run alone. Nothing was started; try again.");
  }
  waiting_.push_back({id, std::move(invocation), &listener});
  return {};
}

// The process for calls that run alone, when it runs none; nothing: wait.
Worker* WorkerPool::pickAlone() {
  for (const auto& worker : workers_) {
    if (worker->isForAlone() && worker->isOpen()) {
      return worker->inFlight() == 0 ? worker.get() : nullptr;
    }
  }
  return checkRest() ? start(true) : nullptr;
}

void WorkerPool::placeWaiting() {
  while (!waiting_.empty() && !isRetired_) {
    Worker* worker = pickAlone();
    if (worker == nullptr) {
      break;
    }
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    place(*worker, next.id, next.invocation, *next.listener);
  }
  if (!waiting_.empty() && !checkRest()) {
    loseWaiting(crashes_.lastReason());
  }
}

void WorkerPool::loseWaiting(const std::string& reason) {
  while (!waiting_.empty()) {
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    ground_.onCallOver(next.id);
    next.listener->onLost(
        next.id,
        Loss{false, 2, "the call waited to run alone, and the connector's process " + reason});
  }
}

void WorkerPool::cancelWaiting(CallId id) {
  std::erase_if(waiting_, [id](const Waiting& call) { return call.id == id; });
  ground_.onCallOver(id);
}

void WorkerPool::retire() {
  isRetired_ = true;
  for (const auto& worker : workers_) {
    worker->drain();
  }
  loseWaiting("was retired");
}

Worker* WorkerPool::longestIdle() const {
  Worker* longest = nullptr;
  for (const auto& worker : workers_) {
    const bool isIdle = worker->isOpen() && worker->inFlight() == 0;
    if (isIdle && (longest == nullptr || worker->idleSince() < longest->idleSince())) {
      longest = worker.get();
    }
  }
  return longest;
}

std::optional<Worker::Moment> WorkerPool::idleSince() const {
  const Worker* worker = longestIdle();
  return worker == nullptr ? std::nullopt : std::optional(worker->idleSince());
}

bool WorkerPool::stopIdle() {
  Worker* worker = longestIdle();
  if (worker != nullptr) {
    worker->drain();
  }
  return worker != nullptr;
}

// One timer while there are workers; it looks and sets itself again.
void WorkerPool::armIdle() {
  if (idleTimer_ == 0) {
    idleTimer_ = host_.executor().after(options_.idleStop, [this] {
      idleTimer_ = 0;
      onIdleTimer();
    });
  }
}

void WorkerPool::onIdleTimer() {
  const auto before = Steady::now() - options_.idleStop;
  for (const auto& worker : workers_) {
    if (worker->isOpen() && worker->inFlight() == 0 && worker->idleSince() <= before) {
      worker->drain();
    }
  }
  if (openProcesses() > 0) {
    armIdle();
  }
}

void WorkerPool::onCallOver(CallId call, bool good) {
  if (good) {
    crashes_.good();
  }
  ground_.onCallOver(call);
}

void WorkerPool::onWorkerChanged(Worker& worker) {
  if (worker.isForAlone()) {
    placeWaiting();
  }
  ground_.onPoolChanged(*this);
}

void WorkerPool::onWorkerEnded(Worker& worker, const NodeEnd& end) {
  if (!end.wasTold) {
    SPDLOG_WARN("Worker of {}: {}", spec_.revision, end.reason);
  }
  if (end.isCrash) {
    crashes_.crashed(Steady::now(), end.reason);
    if (const auto rest = crashes_.resting(Steady::now())) {
      SPDLOG_ERROR("Worker of {} keeps crashing; it rests for {} s", spec_.revision,
                   rest->count() / 1000);
    }
  }
  std::erase_if(workers_, [&worker](const auto& one) { return one.get() == &worker; });
  placeWaiting();
  ground_.onPoolChanged(*this);
}

}  // namespace patchbay::runtime
