#include "updates/flow_restarts.h"

#include "base/log.h"
#include "flows/flows_bulk.h"
#include "store/attention.h"
#include "store/flows.h"
#include "updates/flow_commands.h"

namespace patchbay::updates {

namespace {

constexpr base::Millis kBetweenTries{1000};

// Not the flow's fault: it may go in a moment.
bool isPassing(base::Code code) {
  return code == base::Code::kStoreFailed || code == base::Code::kDiskFull ||
         code == base::Code::kUnavailable || code == base::Code::kConflict;
}

}  // namespace

// Those the operation stopped and nobody has changed since.
std::vector<std::string> FlowRestarts::untouched(const Operation& undone) const {
  std::vector<std::string> flowIds;
  const auto read = store_.read([&](store::Transaction& tx) {
    for (const std::string& flowId : undone.stopped) {
      const auto flow = tx.flows().byId(flowId);
      if (flow && flow->mtime <= undone.updated) {
        flowIds.push_back(flowId);
      }
    }
  });
  if (!read) {
    spdlog::error("flows stay stopped after the rollback of {}: {}", undone.name,
                  read.error().message);
  }
  return flowIds;
}

void FlowRestarts::run(Operation& operation, std::vector<std::string> flowIds) {
  std::vector<Failed> failed;
  while (!flowIds.empty()) {
    std::vector<std::string> again;
    forEachFlow(
        flowIds, flows::flowsAtOnce(configuration_),
        [this](const std::string& flowId, std::function<void(base::Status)> told) {
          engine_.startAgain(flowId, std::move(told));
        },
        [&](const std::string& flowId, const base::Status& status) {
          if (status) {
            operation.restarted.push_back(flowId);
          } else if (isPassing(status.error().code)) {
            again.push_back(flowId);
          } else if (status.error().code != base::Code::kNotFound) {
            failed.push_back({flowId, status.error().message});
          }
          progress_.show(operation);
        },
        [this] { return !progress_.ending(); });
    flowIds = std::move(again);
    if (!flowIds.empty() && !progress_.wait(kBetweenTries)) {
      return;
    }
  }
  if (!progress_.ending() && !failed.empty()) {
    operation.failed = failed;
    markFailed(operation);
  }
}

void FlowRestarts::markFailed(const Operation& operation) {
  const std::int64_t now = base::toMillis(clock_.now());
  const auto noted = store_.write([&](store::Transaction& tx) {
    for (const Failed& flow : operation.failed) {
      tx.attention().put({flow.flowId, std::string(kReview), operation.name, "", "",
                          "The flow could not be started again: " + flow.reason, now});
    }
    return base::Status();
  });
  if (!noted) {
    spdlog::error("flows that did not start again could not be marked: {}", noted.error().message);
  }
}

}  // namespace patchbay::updates
