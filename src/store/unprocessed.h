// Unprocessed messages: dead letters, with copies of all they need (rest-api §21).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::store {

struct UnprocessedRecord {
  std::string messageId;  // UUID
  std::string flowId;
  std::string componentId;
  std::string componentType;
  std::string userId;
  std::string correlationId;
  std::int64_t created = 0;  // ms
  std::string document;      // JSON: {err, messages, kind, …}: what the API shows and a replay needs
  std::int64_t number = 0;   // given by the store, grows with every insert
};

class UnprocessedTable {
 public:
  virtual ~UnprocessedTable() = default;
  virtual void insert(const UnprocessedRecord& record) = 0;
  virtual bool erase(std::string_view messageId) = 0;
  virtual void eraseFlow(std::string_view flowId) = 0;
  virtual std::optional<UnprocessedRecord> byId(std::string_view messageId) = 0;
  // Newest first. Empty texts = any.
  virtual std::vector<UnprocessedRecord> list(std::string_view userId, std::string_view flowId,
                                              std::string_view correlationId, std::int64_t offset,
                                              std::int64_t limit) = 0;
  // In the order of their numbers, those above `number`. Empty texts = any.
  virtual std::vector<UnprocessedRecord> after(std::string_view userId, std::string_view flowId, std::int64_t number,
                                               std::int64_t limit) = 0;
  virtual std::int64_t lastNumber() = 0;  // 0 without any
  virtual std::int64_t count(std::string_view userId, std::string_view flowId) = 0;
};

}  // namespace patchbay::store
