// What the rows of a server's store say: questions of those who check it.
//
// Threads: the simulation's one. Nothing: the store could not be read just now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger.h"
#include "store/store.h"

namespace patchbay::simulate {

// "gone": there is no such flow.
std::optional<std::string> storedStage(store::Store& store, const std::string& flowId);

struct QueueRows {
  std::int64_t messages = 0;
  std::size_t payloads = 0;
};
std::optional<QueueRows> queueRows(store::Store& store);

// All of them; `names`: their message ids, in the same order. Empty as well when they cannot be
// read.
std::vector<Ledger::DeadLetter> deadLetters(store::Store& store,
                                            std::vector<std::string>* names = nullptr);

}  // namespace patchbay::simulate
