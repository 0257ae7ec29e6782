// One Node process: its start, its frames, its pulse and its end. Knows nothing of calls.
//
// Life: starting (spawn, hello) → ready → ending (told to end, or to be killed) → ended. Frames may
// be written from the start on; they are sent in order after the hello. It is killed, with its
// tree, when it is not ready in time, sends a broken frame, does not answer a ping in time while
// its owner is busy, or does not end in time when told to.
// Threads: the engine loop. Ownership:
// shared with its own pending work; the owner detaches before it goes.
#pragma once

#include <sys/types.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/frame_reader.h"
#include "runtime/frame_writer.h"
#include "runtime/frames.h"
#include "runtime/node_host.h"
#include "runtime/process_output.h"

namespace patchbay::runtime {

struct NodeEnd {
  std::string reason;     // for people
  bool wasReady = false;  // false: it never answered the hello
  bool wasTold = false;   // the owner told it to end
  bool isCrash = false;   // its own doing: it ended by itself, broke the protocol, was not ready in
                          // time, went deaf
};

class NodeProcess : public std::enable_shared_from_this<NodeProcess> {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void onFrame(const UpFrame& frame) = 0;
    // After the frames of one read.
    virtual void onFramesRead() = 0;
    // Last callback. All frames that the process has written came before.
    virtual void onEnded(const NodeEnd& end) = 0;
    // A process that owes nothing is not pinged, nor one that may be silent.
    virtual bool expectsAnswers() const = 0;
  };

  static std::shared_ptr<NodeProcess> start(NodeHost& host, NodeOrder order, Owner& owner);

  NodeProcess(NodeHost& host, NodeOrder order, Owner& owner);
  ~NodeProcess();

  void write(std::initializer_list<std::string_view> parts);
  std::size_t pendingBytes() const { return writer_.bytes(); }
  bool isOpen() const { return state_ == State::kStarting || state_ == State::kReady; }
  bool isReady() const { return state_ == State::kReady; }
  std::uint64_t pongs() const { return pongs_; }

  // The owner expects answers from now on.
  void watch();
  void ping();
  // Closes the channel, upon which the process ends itself; else it is killed.
  void stop();
  // `isCrash`: the process is to blame.
  void kill(std::string reason, bool isCrash = true);
  // No more callbacks; kills.
  void detach();

 private:
  enum class State : std::uint8_t { kStarting, kReady, kEnding, kEnded };
  using Socket = boost::asio::local::stream_protocol::socket;

  void spawn();
  void onStarted(base::Result<base::Process> started);
  void onExit(int status);
  void finish(std::string reason);
  std::string exitReason(int status) const;

  enum class Read : std::uint8_t { kNothing, kSome, kFull };
  void waitToRead();
  void onReadable();
  Read readOnce();
  void takeFrames();
  void takeFrame(const UpFrame& frame);
  void refuse(const std::string& problem);

  void scheduleFlush();
  void flush();
  void waitToWrite();

  void startPulse();
  void pulse();

  NodeHost& host_;
  NodeOrder order_;
  Owner* owner_;
  State state_ = State::kStarting;
  pid_t id_ = -1;
  std::filesystem::path temporary_;
  std::string reason_;  // why we ended it
  bool wasReady_ = false;
  bool wasTold_ = false;
  bool isCrash_ = true;
  bool isKilled_ = false;
  bool isBroken_ = false;  // it sent something that is no frame

  Socket socket_;
  FrameReader reader_;
  FrameDecoder decoder_;
  FrameWriter writer_;
  bool isFlushScheduled_ = false;
  bool isWriteBlocked_ = false;
  bool isReadWaiting_ = false;
  std::shared_ptr<ProcessOutput> output_, errors_;

  base::TimerId pulseTimer_ = 0;
  std::chrono::steady_clock::time_point startedAt_;
  std::optional<std::chrono::steady_clock::time_point> pingSentAt_;
  std::uint64_t pings_ = 0;
  std::uint64_t pongs_ = 0;
};

}  // namespace patchbay::runtime
