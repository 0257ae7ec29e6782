// Who listens to GET /events, and what they are told (rest-api §29.6).
//
// Threads: safe from any thread; tell() is short and never waits for a client. Delivery: none is kept; who connects anew loads
// what he shows again. Bounds: kMostListeners at once. A stream ends after kLongest, so that rights taken away do not listen on;
// clients connect again.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "http/event_stream.h"

namespace patchbay::http {

class LiveEvents {
 public:
  static constexpr std::size_t kMostListeners = 500;
  static constexpr base::Millis kLongest{15 * 60 * 1000};
  static constexpr base::Millis kTicketLife{60 * 1000};

  LiveEvents(base::Random& random, base::Clock& clock) : random_(random), clock_(clock) {}

  // kTooMany: nobody more is heard now.
  base::Result<std::shared_ptr<EventStream>> listen(const access::Caller& caller);

  // For clients that cannot send a header: good once, for kTicketLife.
  std::string newTicket(const access::Caller& caller);
  // kUnauthorized: unknown, used or too old.
  base::Result<access::Caller> redeem(const std::string& ticket);

  void tellEverybody(std::string_view event, std::string_view json);
  void tellAdmins(std::string_view event, std::string_view json);
  // The owner and admins.
  void tellOwner(const std::string& userId, std::string_view event, std::string_view json);

 private:
  struct Listener {
    std::string userId;
    bool admin = false;
    base::Time until;
    std::shared_ptr<EventStream> stream;
    std::shared_ptr<std::atomic<bool>> left;  // the client has gone
  };
  struct Ticket {
    access::Caller caller;
    base::Time until;
  };
  void forgetEnded();  // under mutex_
  void tell(const std::function<bool(const Listener&)>& concerns, std::string_view event, std::string_view json);

  base::Random& random_;
  base::Clock& clock_;
  std::mutex mutex_;
  std::vector<Listener> listeners_;        // under mutex_
  std::map<std::string, Ticket> tickets_;  // under mutex_
};

}  // namespace patchbay::http
