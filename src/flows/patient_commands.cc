#include "flows/patient_commands.h"

#include <memory>
#include <utility>

namespace patchbay::flows {

namespace {

constexpr base::Millis kLookAgain{100};
// The other command may have ended between its refusal and the look at it.
constexpr int kTriesAfterAnother = 3;

base::Error serverEnds() {
  return base::fail(base::Code::kUnavailable, "The server is stopping.");
}

bool isConflict(const base::Status& status) {
  return !status && status.error().code == base::Code::kConflict;
}

}  // namespace

PatientCommands::Outcome PatientCommands::give(const Command& command) {
  auto told = std::make_shared<std::promise<base::Status>>();
  Outcome outcome = told->get_future();
  command([told](base::Status status) { told->set_value(std::move(status)); });
  return outcome;
}

base::Status PatientCommands::outcomeOf(const std::string& flowId, const Command& command,
                                        Outcome given) {
  base::Status status = wait(std::move(given));
  for (int again = kTriesAfterAnother; again > 0 && isConflict(status);) {
    again -= isInProgress(flowId) ? 0 : 1;
    if (!thread_.wait(kLookAgain)) {
      return serverEnds();
    }
    status = wait(give(command));
  }
  return status;
}

base::Status PatientCommands::wait(Outcome given) const {
  while (given.wait_for(kLookAgain) != std::future_status::ready) {
    if (thread_.ending()) {
      return serverEnds();
    }
  }
  return given.get();
}

bool PatientCommands::isInProgress(const std::string& flowId) {
  const auto last = coordinator_.status(flowId);
  return last && last->status == "in-progress";
}

}  // namespace patchbay::flows
