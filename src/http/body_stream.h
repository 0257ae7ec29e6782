// A body that is made while it is sent: content of files, server-sent events.
//
// The session asks for one piece and asks again only when that one is written, so whoever makes
// pieces is never further ahead of a slow client than one piece. Threads: next() on the I/O thread,
// which it must not block; a piece may be delivered from any thread. Ownership: the Response, then
// its session. Destroyed, on any thread, when no more is wanted: all was sent, the client has gone,
// the server ends. A delivery after that has no effect.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace patchbay::http {

class BodyStream {
 public:
  // Bytes; none: that was the end; an error: the connection is cut, so that the client knows that
  // it does not have all.
  using Deliver = std::function<void(base::Result<std::string>)>;

  virtual ~BodyStream() = default;
  // Calls `deliver` once, now or later.
  virtual void next(Deliver deliver) = 0;
  // What is sent after a while without a piece, so that nobody on the way takes the connection for
  // dead. Empty: pieces do not let wait, and a server that stops waits for the end; any other
  // stream it cuts.
  virtual std::string_view heartbeat() const { return {}; }
};

}  // namespace patchbay::http
