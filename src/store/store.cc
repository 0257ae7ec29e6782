#include "store/store.h"

#include <future>

namespace patchbay::store {

base::Status Store::write(Unit unit) {
  std::promise<base::Status> committed;
  auto outcome = committed.get_future();
  submit(std::move(unit), [&committed](base::Status status) { committed.set_value(std::move(status)); });
  return outcome.get();
}

}  // namespace patchbay::store
