// Which flows a list holds, before the list query of rest-api §1.4 sees their documents.
//
// Threads: a value. Source: rest-api §8.1, S51-S53, rulings R26, docs/decisions/0055.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace patchbay::flows {

struct FlowSelection {
  // Everybody's flows: for admins; for others the same as kOwn.
  enum class Scope : std::uint8_t { kOwn, kEverybody };
  Scope scope = Scope::kOwn;          // kOwn: with those shared with the caller
  std::optional<std::string> userId;  // only this owner's; admins may name anybody
  std::string componentType;          // as of usesType(); empty = whatever they use
  std::string stage;                  // running, stopped (as of shownStage()); empty = both
  std::optional<bool> attention;      // whether their owners have something to do
};

}  // namespace patchbay::flows
