#include "runtime/node_mapper_pool.h"

#include <algorithm>

#include "base/log.h"

namespace patchbay::runtime {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

NodeMapperPool::NodeMapperPool(NodeHost& host, MapperOptions options)
    : host_(host), options_(options), crashes_(options.rest) {}

NodeMapperPool::~NodeMapperPool() {
  host_.executor().cancel(idleTimer_);
}

void NodeMapperPool::map(std::string members, Told told) {
  take({"map", std::move(members), std::move(told)});
}

void NodeMapperPool::test(std::string members, Told told) {
  take({"test", std::move(members), std::move(told)});
}

void NodeMapperPool::setModifiers(std::string document) {
  modifiers_ = std::move(document);
  ++modifiersVersion_;
  for (const auto& mapper : mappers_) {
    mapper->setModifiers(modifiersVersion_, modifiers_);
  }
}

void NodeMapperPool::take(MapRequest request) {
  if (waiting_.size() >= options_.maxWaiting) {
    request.told(base::fail(base::Code::kUnavailable,
                            "Too many mappings wait. Nothing was started; try again."));
    return;
  }
  waiting_.push_back(std::move(request));
  dispatch();
}

void NodeMapperPool::dispatch() {
  while (!waiting_.empty()) {
    MapperProcess* mapper = pick(waiting_.front().isSuspect);
    if (mapper == nullptr) {
      break;
    }
    MapRequest next = std::move(waiting_.front());
    waiting_.pop_front();
    mapper->send(++lastRequest_, std::move(next));
  }
  if (!waiting_.empty() && mappers_.empty()) {
    refuseWaiting();
  }
}

MapperProcess* NodeMapperPool::pick(bool alone) {
  MapperProcess* best = nullptr;
  std::size_t open = 0;
  for (const auto& mapper : mappers_) {
    open += mapper->isOpen() ? 1 : 0;
    const std::size_t room = alone ? 1 : options_.maxInFlight;
    const bool hasRoom = mapper->isOpen() && mapper->takesOthers() && mapper->inFlight() < room;
    if (hasRoom && (best == nullptr || mapper->inFlight() < best->inFlight())) {
      best = mapper.get();
    }
  }
  return best == nullptr && open < options_.maxProcesses ? start() : best;
}

MapperProcess* NodeMapperPool::start() {
  if (crashes_.resting(Steady::now())) {
    return nullptr;
  }
  mappers_.push_back(std::make_unique<MapperProcess>(host_, *this, options_.deadline));
  if (modifiersVersion_ > 0) {
    mappers_.back()->setModifiers(modifiersVersion_, modifiers_);
  }
  armIdle();
  return mappers_.back().get();
}

void NodeMapperPool::refuseWaiting() {
  std::deque<MapRequest> refused;
  refused.swap(waiting_);
  for (const MapRequest& request : refused) {
    request.told(base::fail(base::Code::kUnavailable,
                            "Mapper processes keep crashing and rest for a while. Last time one " +
                                crashes_.lastReason()));
  }
}

void NodeMapperPool::onMapperChanged(MapperProcess&) {
  crashes_.good();
  dispatch();
}

void NodeMapperPool::onMapperEnded(MapperProcess& mapper, const NodeEnd& end,
                                   std::deque<MapRequest> left) {
  if (end.isCrash) {
    SPDLOG_WARN("Mapper: {}", end.reason);
  }
  if (!end.wasReady) {
    crashes_.crashed(Steady::now(), end.reason);
  }
  std::erase_if(mappers_, [&mapper](const auto& one) { return one.get() == &mapper; });
  if (!left.empty() && end.wasReady && end.isCrash) {
    MapRequest oldest = std::move(left.front());
    left.pop_front();
    judge(end, std::move(oldest));
  }
  for (const MapRequest& request : left) {
    request.told(base::fail(
        base::Code::kWorkerLost,
        "The mapper was lost: " + end.reason + ". Nothing was changed; it is tried again."));
  }
  dispatch();
}

void NodeMapperPool::judge(const NodeEnd& end, MapRequest oldest) {
  if (oldest.isSuspect) {
    oldest.told(base::fail(base::Code::kInvalid, "The mapping ends its process, which " +
                                                     end.reason +
                                                     ". Simplify its modifiers or its input."));
    return;
  }
  oldest.isSuspect = true;
  waiting_.push_front(std::move(oldest));
}

void NodeMapperPool::armIdle() {
  if (idleTimer_ == 0) {
    idleTimer_ = host_.executor().after(options_.idleStop, [this] {
      idleTimer_ = 0;
      onIdleTimer();
    });
  }
}

void NodeMapperPool::onIdleTimer() {
  const auto before = Steady::now() - options_.idleStop;
  for (const auto& mapper : mappers_) {
    if (mapper->isOpen() && mapper->inFlight() == 0 && mapper->idleSince() <= before) {
      mapper->stop();
    }
  }
  if (!mappers_.empty()) {
    armIdle();
  }
}

}  // namespace patchbay::runtime
