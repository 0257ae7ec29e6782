#pragma once

#include "store/attention.h"
#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

class SqliteAttentionTable final : public AttentionTable {
 public:
  explicit SqliteAttentionTable(Connection& connection) : connection_(connection) {}

  void put(const AttentionRecord& attention) override;
  std::vector<AttentionRecord> ofFlow(std::string_view flowId) override;
  std::vector<std::string> flows() override;
  void clear(std::string_view flowId) override;
  void clear(std::string_view flowId, std::string_view connector) override;

 private:
  Connection& connection_;
  Statement put_{connection_,
                 "INSERT OR REPLACE INTO attention(flow_id, code, connector, component_id, subject, "
                 "message, since) VALUES(?,?,?,?,?,?,?)"};
  Statement ofFlow_{connection_,
                    "SELECT flow_id, code, connector, component_id, subject, message, since FROM "
                    "attention WHERE flow_id = ? ORDER BY since, component_id, code, subject"};
  Statement flows_{connection_, "SELECT DISTINCT flow_id FROM attention ORDER BY flow_id"};
  Statement clear_{connection_, "DELETE FROM attention WHERE flow_id = ?"};
  Statement clearOne_{connection_, "DELETE FROM attention WHERE flow_id = ? AND connector = ?"};
};

}  // namespace patchbay::store::sqlite
