// The HTTP client of all calls that the engine itself makes: one request, one answer, within
// limits.
//
// http and https only; redirects are not followed (their status is the answer), no proxy of the
// environment is used, an answer beyond its limit is cut off. Whether an address may be reached is
// asked at each connection (address_policy.h); a connection kept open from before a stricter
// setting may be used once more within its minute.
// Threads: safe from any thread; one thread of its own over libcurl's multi interface. `told` is
// called on it exactly once: it must be short and must not block.
// Errors: kInvalid: the URL can never work; kForbidden: the address may not be reached; kDeadline:
// too slow; kUnavailable: no connection, broken off, or the client is closing. An HTTP status is
// never an error.
// Ownership: the destructor breaks off what is under way and tells it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "outbound/address_policy.h"

namespace patchbay::outbound {

struct Request {
  std::string url;
  std::vector<std::string> headers;  // "name: value"
  std::string body;                  // sent with POST
  base::Millis timeout{30'000};      // from first to last byte
  std::size_t maxAnswerBytes = 64 * 1024;
};

struct Answer {
  int status = 0;
  std::string body;  // cut off at maxAnswerBytes
};

class Client {
 public:
  using Told = std::function<void(base::Result<Answer>)>;

  Client();
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void setPolicy(AddressPolicy policy);
  void post(Request request, Told told);

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace patchbay::outbound
