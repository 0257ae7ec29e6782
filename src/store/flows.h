// Flows, and the index rows that follow every write of one (rest-api §8; R13).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

// On disk and on the wire: "stopped", "running". Transient: "starting", "stopping" (a start or stop that was cut off is carried on, R25).
struct FlowRecord {
  std::string flowId;
  std::string userId;
  std::string name;
  std::string stage;
  std::string document;   // JSON, key order as written: the flow object without flowId, userId, stage, btime, mtime, started, stopped
  std::int64_t runId = 0; // changes at every start
  std::int64_t btime = 0, mtime = 0, started = 0, stopped = 0;  // ms; 0 = never
  std::int64_t version = 0;  // grows with every write of `document`
};

struct FlowComponentRecord {
  std::string flowId;
  std::string componentId;
  std::string type;  // vendor.service.module.Component
};

// A running (or side by side) flow's pinned revision of one bundle.
struct FlowPinRecord {
  std::string flowId;
  std::string bundle;
  std::string revision;
  bool sideBySide = false;
};

// Flows that a document names.
enum class FlowReference : std::uint8_t { kTemplate, kOrigin };  // templateId, originFlowId

class FlowTable {
 public:
  virtual ~FlowTable() = default;
  virtual void put(const FlowRecord& flow) = 0;  // insert or replace
  // One column group, without rewriting the document.
  virtual void setStage(std::string_view flowId, std::string_view stage, std::int64_t runId,
                        std::int64_t started, std::int64_t stopped) = 0;
  virtual void erase(std::string_view flowId) = 0;  // with its components, pins and attention
  virtual std::optional<FlowRecord> byId(std::string_view flowId) = 0;
  virtual std::optional<FlowRecord> summary(std::string_view flowId) = 0;  // without its document
  virtual std::vector<FlowRecord> byUser(std::string_view userId) = 0;  // newest mtime first
  virtual std::vector<FlowRecord> all() = 0;                            // newest mtime first
  // Ids of the flows whose document names this one. Looks through all documents.
  virtual std::vector<std::string> naming(FlowReference reference, std::string_view flowId) = 0;
  // Without documents (document is empty): for the start of the server.
  virtual std::vector<FlowRecord> byStage(std::string_view stage) = 0;

  virtual void setComponents(std::string_view flowId, const std::vector<FlowComponentRecord>& components) = 0;
  virtual std::vector<FlowComponentRecord> components(std::string_view flowId) = 0;
  virtual std::vector<FlowComponentRecord> componentsById(std::string_view componentId) = 0;
  virtual std::vector<FlowComponentRecord> allComponents() = 0;
  virtual std::vector<std::string> componentTypes() = 0;  // each that any flow uses once
  virtual std::vector<FlowComponentRecord> componentsByType(std::string_view type) = 0;  // by flow

  virtual void setPins(std::string_view flowId, const std::vector<FlowPinRecord>& pins) = 0;
  virtual std::vector<FlowPinRecord> pins(std::string_view flowId) = 0;
  virtual std::vector<FlowPinRecord> allPins() = 0;
  virtual std::vector<FlowPinRecord> pinsOfBundle(std::string_view bundle) = 0;  // by flow
  // Flows that run on another revision of its bundle go on with this one, but those side by side.
  virtual void movePins(std::string_view bundle, std::string_view revision) = 0;
};

}  // namespace patchbay::store
