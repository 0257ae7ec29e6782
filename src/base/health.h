// What is wrong with the server, in words. Rooms add a check each.
//
// Threads and ownership: as Metrics (base/metrics.h). A check is asked at every request and must be
// cheap.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.h"

namespace patchbay::base {

struct Problem {
  std::string code;     // for programs: "DISK_NEARLY_FULL"
  std::string message;  // for people: what is wrong, what it means, what to do
  bool stops = false;   // the server cannot do its work: it takes no new messages
};

class Health {
 public:
  using Check = std::function<std::optional<Problem>()>;

  void add(ReadOn where, Check check);
  // Empty: all is well. A loop that does not answer is a problem too.
  std::vector<Problem> problems(const OnLoop& onLoop) const;

 private:
  std::vector<Check> anyThread_, loop_;
};

}  // namespace patchbay::base
