// Flows whose owner has to do something, and what (R26).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct AttentionRecord {
  std::string flowId;
  std::string code;         // fill-field, reconnect-account, replace-component, review
  std::string connector;    // bundle; empty = none's doing
  std::string componentId;  // empty = the flow as a whole
  std::string subject;      // the field, or the account's service; empty = neither
  std::string message;      // for people
  std::int64_t since = 0;   // ms
};

class AttentionTable {
 public:
  virtual ~AttentionTable() = default;
  // One a (flow, code, connector, component, subject): a newer message replaces the older one.
  virtual void put(const AttentionRecord& attention) = 0;
  virtual std::vector<AttentionRecord> ofFlow(std::string_view flowId) = 0;  // oldest first
  virtual std::vector<std::string> flows() = 0;  // those that need any, by id
  virtual void clear(std::string_view flowId) = 0;
  virtual void clear(std::string_view flowId, std::string_view connector) = 0;
};

}  // namespace patchbay::store
