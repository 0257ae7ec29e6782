// A connection for one search: read-only, with the wild() function, and a limit of time.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "insights/condition.h"
#include "store/sqlite/connection.h"

namespace patchbay::insights {

class LogReader {
 public:
  explicit LogReader(const std::string& path);

  // Calls `row` for each row until it returns false. Throws StoreError: kUnavailable when the time is over.
  void each(const std::string& sql, const std::vector<Parameter>& parameters,
            const std::function<bool(const store::sqlite::Query&)>& row);

 private:
  static int onProgress(void* self);

  store::sqlite::Connection connection_;
  const std::chrono::steady_clock::time_point until_;
  bool late_ = false;
};

}  // namespace patchbay::insights
