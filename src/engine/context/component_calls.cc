#include "engine/context/component_calls.h"

#include <utility>

#include "access/acl.h"
#include "access/users.h"
#include "base/json.h"
#include "flows/output_properties.h"
#include "flows/source_call.h"

namespace patchbay::engine {

namespace {

constexpr std::uint8_t kDeepest = 4;

// Of the attempt that asks.
StaticCall callBy(const Attempt& attempt) {
  StaticCall call;
  call.userId = attempt.flow->userId;
  call.flowId = attempt.flow->flowId;
  call.componentId = attempt.componentId();
  call.revision = attempt.node->found.revision->id;
  call.depth = static_cast<std::uint8_t>(attempt.depth + 1);
  return call;
}

base::Status mayAsk(Parts& parts, const StaticCall& call) {
  if (call.depth > kDeepest) {
    return base::fail(base::Code::kInvalid, "Static calls that ask for static calls are " + std::to_string(kDeepest) + " deep at most.");
  }
  const auto caller = parts.users.callerFor(call.userId);
  if (!caller) {
    return caller.error();
  }
  if (!*caller || !parts.acl.mayUse(**caller, call.type, true)) {
    return base::fail(base::Code::kForbidden, "The owner of this flow may not use component " + call.type + ".");
  }
  return {};
}

std::string objectText(const json::object& arguments, std::string_view name) {
  const json::value* value = json::find(arguments, name);
  return value != nullptr && value->is_object() ? json::write(*value) : "{}";
}

void staticCall(Parts& parts, StaticCalls& staticCalls, const json::object& arguments, const Answer& answer) {
  StaticCall call = callBy(answer.attempt());
  call.type = json::getString(arguments, "component");
  call.outPort = json::getString(arguments, "outPort");
  call.properties = objectText(arguments, "properties");
  call.messages = objectText(arguments, "messages");
  call.transform = json::getString(arguments, "transform");
  if (const base::Status may = mayAsk(parts, call); !may) {
    answer.fail(may.error());
    return;
  }
  staticCalls.run(std::move(call), [answer](const base::Result<std::string>& value) {
    if (value) {
      answer.ok(*value);
    } else {
      answer.fail(value.error());
    }
  });
}

// One outputSchema: the ports whose fields come from a call are asked for, then all is told.
struct OutputSchema {
  std::shared_ptr<const flows::Descriptor> descriptor;
  const flows::Node* node = nullptr;  // lives in `descriptor`
  flows::FetchedFields fetched;
  std::size_t open = 0;
};

// A static call has its flow only as its worker sees it. Null: it cannot be read.
std::shared_ptr<const flows::Descriptor> descriptorOf(const RunningFlow& flow) {
  if (flow.descriptor != nullptr) {
    return flow.descriptor;
  }
  const json::value frame = json::parseOwn(flow.frame->json);
  const json::value* graph = json::find(frame, "descriptor");
  auto parsed = flows::Descriptor::parse(graph == nullptr ? json::value(json::object()) : *graph);
  return parsed ? *parsed : nullptr;
}

void tell(Parts& parts, const OutputSchema& schema, const Answer& answer) {
  answer.ok(json::write(flows::outputProperties(*schema.node, parts.registry, schema.fetched)));
}

void outputSchema(Parts& parts, StaticCalls& staticCalls, const json::object& arguments, const Answer& answer) {
  auto schema = std::make_shared<OutputSchema>();
  schema->descriptor = descriptorOf(*answer.attempt().flow);
  const std::string componentId = json::getString(arguments, "componentId");
  schema->node = schema->descriptor == nullptr ? nullptr : schema->descriptor->find(componentId);
  if (schema->node == nullptr) {
    answer.fail(base::fail(base::Code::kNotFound, "The flow has no component " + componentId + "."));
    return;
  }
  const auto sources = flows::outPortSources({schema->node}, parts.registry);
  schema->open = sources.size();
  for (const flows::SourceCall& source : sources) {
    StaticCall call = callBy(answer.attempt());
    call.componentId = source.componentId;
    call.type = source.type;
    call.outPort = source.outPort;
    call.properties = source.properties;
    call.messages = source.messages;
    call.transform = source.transform;
    const auto told = [&parts, schema, answer, place = std::pair(source.componentId, source.port)](const base::Result<std::string>& value) {
      schema->fetched.emplace(place, value ? json::parse(*value, "What the component answered", 64) : base::Result<json::value>(value.error()));
      if (--schema->open == 0) {
        tell(parts, *schema, answer);
      }
    };
    if (const base::Status may = mayAsk(parts, call); !may) {
      told(may.error());
    } else {
      staticCalls.run(std::move(call), told);
    }
  }
  if (sources.empty()) {
    tell(parts, *schema, answer);
  }
}

// To every component of the flow that has a method for it, its sender too; nobody waits for them.
void signal(Parts& parts, FlowDirectory& flows, const json::object& arguments, const Answer& answer) {
  const Attempt& attempt = answer.attempt();
  const FlowEntry* entry = flows.find(attempt.flow->flowId);
  if (entry == nullptr || entry->runId != attempt.flow->runId) {
    answer.fail(base::fail(base::Code::kConflict, "The flow does not run any more."));
    return;
  }
  const json::value* content = json::find(arguments, "content");
  const auto payload =
      std::make_shared<const queue::Payload>(queue::Payload{0, content == nullptr ? "null" : json::write(*content)});
  for (const auto& [componentId, node] : attempt.flow->nodes) {
    if (!node.found || !node.found.component->hasSignal) {
      continue;
    }
    auto message = std::make_shared<queue::Message>();
    message->wake = queue::Wake::kSignal;
    message->flowId = attempt.flow->flowId;
    message->componentId = componentId;
    message->port = "signal";
    message->runId = attempt.flow->runId;
    message->arrivedAt = base::toMillis(parts.clock.now());
    message->scope = std::make_shared<const queue::Scope>();
    message->payload = payload;
    parts.queue.wake(std::move(message));
  }
  answer.ok();
}

}  // namespace

void addComponentCalls(HostCalls& calls, Parts& parts, FlowDirectory& flows, StaticCalls& staticCalls) {
  calls.add("signal", [&parts, &flows](const json::object& arguments, const Answer& answer) { signal(parts, flows, arguments, answer); });
  calls.add("staticCall", [&parts, &staticCalls](const json::object& arguments, const Answer& answer) {
    staticCall(parts, staticCalls, arguments, answer);
  });
  calls.add("outputSchema", [&parts, &staticCalls](const json::object& arguments, const Answer& answer) {
    outputSchema(parts, staticCalls, arguments, answer);
  });
}

}  // namespace patchbay::engine
