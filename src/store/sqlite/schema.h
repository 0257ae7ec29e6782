// The tables, as numbered migrations. A released migration is frozen; a change is a new one at the end.
#pragma once

#include <string>

#include "store/sqlite/connection.h"

namespace patchbay::store::sqlite {

// Throws StoreError for a file of a newer Patchbay or of another program. Changes nothing.
void checkFile(Connection& connection, const std::string& path);

// Brings a new or older file to the newest schema, each step in a transaction.
void migrate(Connection& connection);

int newestSchema();

}  // namespace patchbay::store::sqlite
