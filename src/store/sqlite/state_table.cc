#include "store/sqlite/state_table.h"

namespace patchbay::store::sqlite {

namespace {

// The least text above all that begin with `prefix` (ASCII, as owners are). "" stands for every owner.
std::string above(std::string_view prefix) {
  if (prefix.empty()) {
    return "\x7f";
  }
  std::string text(prefix);
  text.back() = static_cast<char>(text.back() + 1);
  return text;
}

}  // namespace

std::optional<std::string> SqliteStateTable::get(std::string_view owner, std::string_view key) {
  Query query(get_);
  query.bind(owner).bind(key);
  return query.next() ? std::optional(query.text(0)) : std::nullopt;
}

std::vector<std::pair<std::string, std::string>> SqliteStateTable::all(std::string_view owner) {
  Query query(all_);
  query.bind(owner);
  std::vector<std::pair<std::string, std::string>> values;
  while (query.next()) {
    values.emplace_back(query.text(0), query.text(1));
  }
  return values;
}

std::vector<std::pair<std::string, std::string>> SqliteStateTable::page(std::string_view owner, std::string_view after, std::size_t limit) {
  Query query(page_);
  query.bind(owner).bind(after).bind(static_cast<std::int64_t>(limit));
  std::vector<std::pair<std::string, std::string>> values;
  while (query.next()) {
    values.emplace_back(query.text(0), query.text(1));
  }
  return values;
}

void SqliteStateTable::put(std::string_view owner, std::string_view key, std::string_view json) {
  Query(put_).bind(owner).bind(key).bind(json).run();
}

void SqliteStateTable::erase(std::string_view owner, std::string_view key) {
  Query(erase_).bind(owner).bind(key).run();
}

void SqliteStateTable::clear(std::string_view owner) { Query(clear_).bind(owner).run(); }

void SqliteStateTable::clearPrefix(std::string_view ownerPrefix) {
  const std::string end = above(ownerPrefix);
  Query(clearPrefix_).bind(ownerPrefix).bind(end).run();
}

std::vector<std::string> SqliteStateTable::owners(std::string_view ownerPrefix) {
  const std::string end = above(ownerPrefix);
  Query query(owners_);
  query.bind(ownerPrefix).bind(end);
  std::vector<std::string> owners;
  while (query.next()) {
    owners.push_back(query.text(0));
  }
  return owners;
}

}  // namespace patchbay::store::sqlite
