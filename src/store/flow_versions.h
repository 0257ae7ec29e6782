// Earlier descriptors of flows (rest-api §8.12).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct FlowVersionRecord {
  std::string versionId;  // UUID
  std::string flowId;
  std::int64_t number = 0;  // within the flow, from 1; add() gives it
  std::string type;         // "manual", "autosave"; the server's own: "update"
  std::string label;        // empty = none
  std::int64_t btime = 0;   // ms, when it was kept
  std::string descriptor;   // JSON: the value of the document's key "flow"; empty in lists
};

// Which versions a limit counts: people's own, or all others.
enum class VersionGroup : std::uint8_t { kManual, kAutomatic };

class FlowVersionTable {
 public:
  virtual ~FlowVersionTable() = default;
  // Numbers it, one above the newest of its flow; gives the number.
  virtual std::int64_t add(const FlowVersionRecord& version) = 0;
  virtual std::optional<FlowVersionRecord> byId(std::string_view flowId,
                                                std::string_view versionId) = 0;
  virtual std::optional<FlowVersionRecord> newest(std::string_view flowId) = 0;
  // Newest first, without descriptors.
  virtual std::vector<FlowVersionRecord> list(std::string_view flowId, std::int64_t offset,
                                              std::int64_t limit) = 0;
  virtual std::int64_t count(std::string_view flowId) = 0;
  // The oldest of a group beyond its newest `keep`.
  virtual void trim(std::string_view flowId, VersionGroup group, std::int64_t keep) = 0;
  virtual void eraseFlow(std::string_view flowId) = 0;
};

}  // namespace patchbay::store
