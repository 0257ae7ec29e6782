// One mapper process with the requests it was given. It works on them in order, so when the oldest
// is not answered in time, that one is to blame and the others are only lost with it.
//
// Threads: the engine loop.
// Ownership: its pool's; the pool destroys it in onMapperEnded.
#pragma once

#include <deque>
#include <memory>

#include "runtime/node_process.h"
#include "runtime/runtime.h"

namespace patchbay::runtime {

struct MapRequest {
  std::string type;     // map, test
  std::string members;  // of the frame
  MapperPool::Told told;
  bool isSuspect = false;  // it was the oldest when a mapper crashed: it runs alone
};

class MapperProcess : public NodeProcess::Owner {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  class Pool {
   public:
    virtual ~Pool() = default;
    // After a batch of answers.
    virtual void onMapperChanged(MapperProcess& mapper) = 0;
    // `left`: requests without an answer, the oldest first. Destroys the mapper.
    virtual void onMapperEnded(MapperProcess& mapper, const NodeEnd& end,
                               std::deque<MapRequest> left) = 0;
  };

  // `deadline`: of one request, from when it became the oldest.
  MapperProcess(NodeHost& host, Pool& pool, base::Millis deadline);
  ~MapperProcess() override;

  void send(std::uint64_t id, MapRequest request);
  void setModifiers(std::uint64_t version, const std::string& document);
  void stop();

  bool isOpen() const { return process_->isOpen(); }
  std::size_t inFlight() const { return requests_.size(); }
  bool takesOthers() const { return requests_.empty() || !requests_.front().request.isSuspect; }
  Moment idleSince() const { return turnSince_; }

  void onFrame(const UpFrame& frame) override;
  void onFramesRead() override;
  void onEnded(const NodeEnd& end) override;
  bool expectsAnswers() const override { return false; }  // the deadline of the oldest watches it

 private:
  struct InFlight {
    std::uint64_t id;
    MapRequest request;
  };
  void armDeadline();
  void onDeadline();
  static void answer(const MapRequest& request, const UpFrame& frame);

  NodeHost& host_;
  Pool& pool_;
  const base::Millis deadline_;
  std::deque<InFlight> requests_;  // in the order sent
  Moment turnSince_;               // the oldest became the oldest, or the last was answered
  base::TimerId timer_ = 0;
  std::shared_ptr<NodeProcess> process_;
};

}  // namespace patchbay::runtime
