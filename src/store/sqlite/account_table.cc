#include "store/sqlite/account_table.h"

namespace patchbay::store::sqlite {

namespace {

AccountRecord accountOf(const Query& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4),
          row.text(5), row.text(6), row.text(7), row.text(8), row.integer(9)};
}

std::vector<AssignmentRecord> assignmentsOf(Query& query) {
  std::vector<AssignmentRecord> assignments;
  while (query.next()) {
    assignments.push_back({query.text(0), query.text(1), query.text(2)});
  }
  return assignments;
}

}  // namespace

void SqliteAccountTable::put(const AccountRecord& account) {
  Query(put_)
      .bind(account.accountId)
      .bind(account.tokenId)
      .bind(account.userId)
      .bind(account.service)
      .bind(account.name)
      .bind(account.displayName)
      .bind(account.profile)
      .bind(account.sealed)
      .bind(account.invalid)
      .bind(account.created)
      .run();
}

bool SqliteAccountTable::erase(std::string_view accountId) {
  Query(unassignAccount_).bind(accountId).run();
  Query(erase_).bind(accountId).run();
  return connection_.changes() > 0;
}

std::optional<AccountRecord> SqliteAccountTable::byId(std::string_view accountId) {
  Query query(byId_);
  query.bind(accountId);
  return query.next() ? std::optional(accountOf(query)) : std::nullopt;
}

std::vector<AccountRecord> SqliteAccountTable::byUser(std::string_view userId) {
  Query query(byUser_);
  query.bind(userId);
  std::vector<AccountRecord> accounts;
  while (query.next()) {
    accounts.push_back(accountOf(query));
  }
  return accounts;
}

void SqliteAccountTable::assign(const AssignmentRecord& assignment) {
  Query(assign_)
      .bind(assignment.flowId)
      .bind(assignment.componentId)
      .bind(assignment.accountId)
      .run();
}

void SqliteAccountTable::unassign(std::string_view flowId, std::string_view componentId) {
  Query(unassign_).bind(flowId).bind(componentId).run();
}

void SqliteAccountTable::unassignFlow(std::string_view flowId) {
  Query(unassignFlow_).bind(flowId).run();
}

std::vector<AssignmentRecord> SqliteAccountTable::ofFlow(std::string_view flowId) {
  Query query(ofFlow_);
  return assignmentsOf(query.bind(flowId));
}

std::vector<AssignmentRecord> SqliteAccountTable::ofAccount(std::string_view accountId) {
  Query query(ofAccount_);
  return assignmentsOf(query.bind(accountId));
}

}  // namespace patchbay::store::sqlite
