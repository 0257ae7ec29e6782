// The MapperPool of the running server: no process when idle, one on first use, more under load.
//
// A request that was the oldest when its mapper crashed is tried once more, alone; if that ends the
// process too, the request is refused.
// Errors: kInvalid what the mapper says of the request, or it
// ends its process; kDeadline; kWorkerLost; kUnavailable: too much waits, or mappers do not start.
// Threads: the engine loop.
// Ownership: the host outlives it; its destructor kills the mappers and
// tells nobody.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "runtime/crash_loop.h"
#include "runtime/mapper_process.h"

namespace patchbay::runtime {

struct MapperOptions {
  std::size_t maxProcesses = 2;
  std::size_t maxInFlight = 8;  // of one process; more wait here, where a crash does not reach them
  std::size_t maxWaiting = 10000;
  base::Millis deadline{5000};
  base::Millis idleStop{60000};
  base::Millis rest{30000};
};

class NodeMapperPool : public MapperPool, public MapperProcess::Pool {
 public:
  NodeMapperPool(NodeHost& host, MapperOptions options);
  ~NodeMapperPool() override;

  void map(std::string members, Told told) override;
  void test(std::string members, Told told) override;
  void setModifiers(std::string document) override;

  std::size_t processes() const { return mappers_.size(); }

  void onMapperChanged(MapperProcess& mapper) override;
  void onMapperEnded(MapperProcess& mapper, const NodeEnd& end,
                     std::deque<MapRequest> left) override;

 private:
  void take(MapRequest request);
  void dispatch();
  MapperProcess* pick(bool alone);
  void judge(const NodeEnd& end, MapRequest oldest);
  MapperProcess* start();
  void refuseWaiting();
  void armIdle();
  void onIdleTimer();

  NodeHost& host_;
  const MapperOptions options_;
  CrashLoop crashes_;
  std::uint64_t lastRequest_ = 0;
  std::uint64_t modifiersVersion_ = 0;
  std::string modifiers_;
  std::deque<MapRequest> waiting_;
  std::vector<std::unique_ptr<MapperProcess>> mappers_;
  base::TimerId idleTimer_ = 0;
};

}  // namespace patchbay::runtime
