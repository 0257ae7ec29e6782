// The right to answer one request: used at most once; given up unused, the client gets a 500 instead of silence.
//
// Threads: safe from any thread.
#pragma once

#include <atomic>
#include <memory>

#include "http/route.h"

namespace patchbay::http {

class IoLoop;
class Session;

class PendingReply {
 public:
  static Respond make(std::shared_ptr<Session> session, std::shared_ptr<IoLoop> loop,
                      std::uint64_t number);
  PendingReply(std::shared_ptr<Session> session, std::shared_ptr<IoLoop> loop,
               std::uint64_t number);
  ~PendingReply();
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;

  void send(base::Result<Response> result);

 private:
  std::shared_ptr<Session> session_;
  std::shared_ptr<IoLoop> loop_;
  std::uint64_t number_;
  std::atomic_flag used_;
};

}  // namespace patchbay::http
