#include "engine/lifecycle/carry_on.h"

#include "base/log.h"
#include "engine/lifecycle/start_flow.h"
#include "engine/lifecycle/stop_flow.h"

namespace patchbay::engine {

namespace {

constexpr base::Millis kTryAgain{1000};

bool isOfTheStore(const base::Error& error) {
  return error.code == base::Code::kStoreFailed || error.code == base::Code::kDiskFull;
}

}  // namespace

void CarryOn::run() {
  for (const Stage stage : {Stage::kStarting, Stage::kStopping}) {
    for (const std::string& flowId : lifecycle_.flows.inStage(stage)) {
      carryOn(flowId, stage);
    }
  }
}

void CarryOn::carryOn(const std::string& flowId, Stage stage) {
  const FlowEntry* entry = lifecycle_.flows.find(flowId);
  if (closed_ || entry == nullptr || entry->stage != stage) {
    return;  // somebody has given a command meanwhile
  }
  Commands::Told end = commands_.begin(
      flowId, [this, flowId, stage](const base::Status& status) { ended(flowId, stage, status); });
  if (!end) {
    tryAgain(flowId, stage);
    return;
  }
  if (stage == Stage::kStarting) {
    StartFlow::run(lifecycle_, flowId, std::nullopt, std::move(end));
    return;
  }
  Kept kept;
  const base::Status read =
      lifecycle_.parts.store.read([&](store::Transaction& tx) { kept = notedStop(tx, flowId); });
  if (read) {
    StopFlow::run(lifecycle_, flowId, kept, std::move(end));
  } else {
    end(read);
  }
}

void CarryOn::ended(const std::string& flowId, Stage stage, const base::Status& status) {
  if (status) {
    return;
  }
  spdlog::warn("flow {}: a command that was cut off ended with: {}", flowId,
               status.error().message);
  if (isOfTheStore(status.error())) {
    tryAgain(flowId, stage);
  }
}

void CarryOn::tryAgain(const std::string& flowId, Stage stage) {
  lifecycle_.parts.loop.after(kTryAgain, [this, flowId, stage] { carryOn(flowId, stage); });
}

}  // namespace patchbay::engine
