// Deleting a user and all that is his, behind a ticket (rest-api §4.3).
//
// Threads: safe from any thread. Removals run one after another on a thread of their own.
// Delivery: a removal cut off by the end of the process goes on at resume(); so every step must bear being repeated.
// Ownership: the destructor waits for the step at work, no more.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "access/users.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "store/operation_thread.h"
#include "store/store.h"

namespace patchbay::access {

class UserRemoval {
 public:
  using Step = std::function<base::Status(const std::string& userId)>;  // e.g. stop and delete his flows

  UserRemoval(store::Store& store, Users& users, base::Random& random, const base::Clock& clock);

  void addStep(Step step);  // before resume()
  base::Status resume() { return thread_.resume(); }

  // The ticket; that of the removal at work when there is one. kNotFound.
  // `also` goes in the commit of a new ticket.
  base::Result<std::string> begin(const std::string& userId, const std::string& askedBy, const store::Unit& also = {});
  // {"status","stepsDone","stepsTotal"}, also when the user is gone. kNotFound.
  base::Result<boost::json::object> status(const std::string& userId, const std::string& ticket);

 private:
  void removeOne(store::OperationRecord operation);
  void save(store::OperationRecord& operation, const std::string& userId, std::size_t stepsDone);

  store::Store& store_;
  Users& users_;
  base::Random& random_;
  const base::Clock& clock_;
  std::vector<Step> steps_;
  store::OperationThread thread_;  // last: ends first
};

}  // namespace patchbay::access
