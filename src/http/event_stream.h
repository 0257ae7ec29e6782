// Server-sent events (text/event-stream): what is sent here is the body of one answer.
//
// Threads: safe from any thread. `gone` is called at most once, on any thread, and must not call
// back into this stream. Bounds: kMostWaiting bytes wait for a slow client; with more it is cut
// off. Ownership: shared by who sends; the body belongs to the Response. All who send gone without
// end(): the client is cut off.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "http/route.h"

namespace patchbay::http {

class EventStream {
 public:
  static constexpr std::size_t kMostWaiting = 1024 * 1024;

  // `gone`: the client left, or was cut off, before end().
  explicit EventStream(std::function<void()> gone = {});
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  Response response();  // once
  // `json`: one document. False: nobody listens any more.
  bool send(std::string_view event, std::string_view json);
  void end();

 private:
  struct Shared;
  class Body;
  std::shared_ptr<Shared> shared_;
};

}  // namespace patchbay::http
