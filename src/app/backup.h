// patchbay backup --data DIR --to DIR: a copy of a data folder that a server can be started on, of one moment, while the server runs.
//
// Exit codes: 0 all is in it, 10 something that the database names is not in the data folder either, 2 nothing was made. The copy
// stands at its place once it is whole and on the disk; until then it is <DIR>.partial.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace patchbay::app {

struct BackupOrder {
  std::filesystem::path data = "data";
  std::filesystem::path to;
  bool withoutLogs = false;
  bool json = false;
};

int backup(BackupOrder order, std::ostream& out, std::ostream& errors);

}  // namespace patchbay::app
