// Host calls: what component code asks of the engine while it runs (protocol/README.md §3). One file per call group beside this one.
//
// Threads: the engine loop. A group answers each call exactly once, at once or later; an answer to a fenced attempt goes nowhere.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.h"
#include "engine/attempt.h"
#include "engine/parts.h"

namespace patchbay::engine {

// The `err` of a refused host call.
std::string hostError(const base::Error& error);

// The way back to one host call.
class Answer {
 public:
  Answer(Parts& parts, AttemptPtr attempt, std::uint64_t q) : parts_(&parts), attempt_(std::move(attempt)), q_(q) {}
  void ok(std::string_view json = "{}") const;
  void fail(const base::Error& error) const;
  void failAs(std::string_view errJson) const;
  Attempt& attempt() const { return *attempt_; }
  const AttemptPtr& attemptPtr() const { return attempt_; }

 private:
  Parts* parts_;
  AttemptPtr attempt_;
  std::uint64_t q_;
};

class HostCalls {
 public:
  using Handler = std::function<void(const boost::json::object& arguments, Answer answer)>;

  explicit HostCalls(Parts& parts) : parts_(parts) {}
  void add(std::string op, Handler handler) { handlers_.emplace(std::move(op), std::move(handler)); }
  void handle(const AttemptPtr& attempt, std::uint64_t q, std::string_view op, std::string_view arguments);

  // A group that only writes: the unit, then `{}`.
  void commit(store::Unit unit, Answer answer, std::function<std::string()> reply = {});
  // A group that may block (files, data stores): on the background threads; the reply is JSON.
  void inBackground(Answer answer, std::function<base::Result<std::string>()> work);

 private:
  Parts& parts_;
  std::map<std::string, Handler, std::less<>> handlers_;
};

}  // namespace patchbay::engine
