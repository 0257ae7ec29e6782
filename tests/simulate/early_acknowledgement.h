// The bug that the simulation must find: a store that reports a unit as committed when it has run,
// before the commit.
#pragma once

#include <memory>
#include <utility>

#include "store/store.h"

namespace patchbay::simulate {

class EarlyAcknowledgement final : public store::Store {
 public:
  explicit EarlyAcknowledgement(store::Store& store) : store_(store) {}

  void submit(store::Unit unit, store::Done done) override {
    const auto told = std::make_shared<bool>(false);
    const auto tell = [told, done = std::move(done)](const base::Status& status) {
      if (!std::exchange(*told, true) && done) {
        done(status);
      }
    };
    store_.submit(
        [unit = std::move(unit), tell](store::Transaction& tx) {
          const base::Status status = unit(tx);
          tell(status);
          return status;
        },
        tell);
  }
  base::Status read(const std::function<void(store::Transaction&)>& reader) override {
    return store_.read(reader);
  }
  store::CommitCounts counts() const override { return store_.counts(); }
  store::StoreFaults faults() const override { return store_.faults(); }

 protected:
  void beforeWaiting() override {
    (void)store_.write([](store::Transaction&) { return base::Status(); });
  }

 private:
  store::Store& store_;
};

}  // namespace patchbay::simulate
