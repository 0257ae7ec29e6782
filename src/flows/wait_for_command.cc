#include "flows/wait_for_command.h"

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace patchbay::flows {

namespace {
constexpr std::chrono::minutes kLongestWait{5};
}  // namespace

base::Status waitForCommand(const std::function<void(Coordinator::Told)>& command) {
  auto promise = std::make_shared<std::promise<base::Status>>();
  auto future = promise->get_future();
  command([promise](base::Status status) { promise->set_value(std::move(status)); });
  if (future.wait_for(kLongestWait) != std::future_status::ready) {
    return base::fail(base::Code::kUnavailable,
                      "The flow's components are still being stopped or started; see "
                      "/flows/:id/coordinator/status.");
  }
  return future.get();
}

}  // namespace patchbay::flows
