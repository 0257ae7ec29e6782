#include "engine/lifecycle/restart_changed.h"

#include "base/json.h"
#include "engine/dispatcher.h"
#include "store/messages.h"
#include "store/states.h"

namespace patchbay::engine {

namespace {

class RestartChanged : public std::enable_shared_from_this<RestartChanged> {
 public:
  RestartChanged(LifecycleParts& lifecycle, std::string flowId, bool dropMessages, std::function<void(base::Status)> told)
      : lifecycle_(lifecycle), parts_(lifecycle.parts), flowId_(std::move(flowId)), dropMessages_(dropMessages), told_(std::move(told)) {}

  void begin() {
    old_ = lifecycle_.flows.flow(flowId_);
    FlowEntry* entry = lifecycle_.flows.find(flowId_);
    if (old_ == nullptr || entry == nullptr) {
      told_(base::Status());
      return;
    }
    base::Result<std::shared_ptr<RunningFlow>> loaded = base::fail(base::Code::kInternal, "not read");
    const base::Status read = parts_.store.read(
        [&](store::Transaction& tx) { loaded = loadRunningFlow(tx, lifecycle_.flows.ground(), flowId_); });
    if (!read || !loaded) {
      told_(read ? base::Status(loaded.error()) : read);
      return;
    }
    new_ = *loaded;
    entry->stage = Stage::kUpdating;
    lifecycle_.ticks.remove(flowId_);
    resolveProperties();
  }

 private:
  static bool same(const RunningNode* before, const RunningNode& after) {
    return before != nullptr && json::write(*before->node->document) == json::write(*after.node->document) &&
           before->found.revision == after.found.revision;
  }

  void resolveProperties() {
    waiting_ = new_->nodes.size() + 1;
    const auto self = shared_from_this();
    for (auto& [componentId, node] : new_->nodes) {
      RunningNode* target = &node;
      lifecycle_.mapper.properties(new_, node, new_->runId, [self, target](base::Result<std::string> text) {
        if (text) {
          target->properties = std::move(*text);
          writeConstantMembers(*self->new_, *target);
        } else {
          self->failure_ = text.error();
        }
        self->step(&RestartChanged::stopOld);
      });
    }
    step(&RestartChanged::stopOld);
  }

  void step(void (RestartChanged::*next)()) {
    if (--waiting_ == 0) {
      (this->*next)();
    }
  }

  void call(const RunningFlow& flow, const RunningNode& node, queue::Wake wake, void (RestartChanged::*next)()) {
    ++waiting_;
    const auto self = shared_from_this();
    callLifecycle(parts_, flow, node, wake, [self, next, id = node.node->id](const base::Status& status) {
      if (!status && self->failure_) {
        self->failure_ = base::fail(base::Code::kInvalid, "Component " + id + ": " + status.error().message);
      }
      self->step(next);
    });
  }

  void stopOld() {
    waiting_ = 1;
    for (const auto& [componentId, node] : old_->nodes) {
      const RunningNode* after = new_->find(componentId);
      const bool changed = after == nullptr || !same(&node, *after);
      if (changed && node.found && node.found.component->hasStop) {
        call(*old_, node, queue::Wake::kStop, &RestartChanged::persist);
      }
    }
    step(&RestartChanged::persist);
  }

  void persist() {
    if (FlowEntry* entry = lifecycle_.flows.find(flowId_)) {
      lifecycle_.flows.setLoaded(*entry, new_);
    }
    const auto self = shared_from_this();
    store::Unit unit = [self](store::Transaction& tx) {
      tx.states().clear("p:" + self->flowId_);
      for (const auto& [componentId, node] : self->new_->nodes) {
        tx.states().put("p:" + self->flowId_, componentId, node.properties);
        if (!same(self->old_->find(componentId), node) && !(node.found && node.found.component->persistentState)) {
          tx.states().clear("c:" + self->flowId_ + ":" + componentId);
        }
      }
      return base::Status();
    };
    const auto stored = [self](const base::Status& status) {
      if (!status) {
        self->failure_ = status;
      }
      self->startNew();
    };
    if (dropMessages_) {
      fenceFlow(lifecycle_, flowId_);
      lifecycle_.quota.forgetFlow(flowId_);
      parts_.queue.dropFlow(flowId_, std::move(unit), stored);
    } else {
      parts_.queue.enqueue({}, std::move(unit), stored);
    }
  }

  void startNew() {
    waiting_ = 1;
    for (const auto& [componentId, node] : new_->nodes) {
      if (!same(old_->find(componentId), node) && node.found && node.found.component->hasStart) {
        call(*new_, node, queue::Wake::kStart, &RestartChanged::finish);
      }
    }
    step(&RestartChanged::finish);
  }

  void finish() {
    FlowEntry* entry = lifecycle_.flows.find(flowId_);
    if (entry != nullptr && entry->stage == Stage::kUpdating) {
      entry->stage = Stage::kRunning;
      lifecycle_.ticks.add(flowId_, new_->runId, pollingOf(*new_), false);
      lifecycle_.records.flow(flowId_, new_->userId, "Flow updated.");
      parts_.queue.unblock(Dispatcher::flowGate(flowId_));
    }
    told_(failure_);
  }

  LifecycleParts& lifecycle_;
  Parts& parts_;
  std::string flowId_;
  bool dropMessages_;
  std::function<void(base::Status)> told_;
  std::shared_ptr<RunningFlow> old_, new_;
  std::size_t waiting_ = 0;
  base::Status failure_;
};

}  // namespace

void restartChanged(LifecycleParts& lifecycle, const std::string& flowId, bool dropMessages,
                    std::function<void(base::Status)> told) {
  std::make_shared<RestartChanged>(lifecycle, flowId, dropMessages, std::move(told))->begin();
}

}  // namespace patchbay::engine
