// The modifiers that users pick in the Designer (rest-api §16).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

struct ModifierParts {
  store::Store& store;
  base::Random& random;
  std::string shipped;  // the document that comes with the server, JSON text
  // The document changed: empty = the shipped one. For the mapper pool.
  std::function<void(std::string document)> changed;
  // Evaluate in a mapper: members of its test or map frame in (protocol/README.md §4), the result's
  // JSON text out, nothing = undefined. `told` from any thread.
  using Evaluated = std::function<void(base::Result<std::optional<std::string>>)>;
  using Evaluate = std::function<void(std::string members, Evaluated told)>;
  Evaluate test;
  Evaluate transform;
};

// Reads what is stored and tells it to `changed`. After a DELETE there is no document until the server starts again.
base::Status addModifierRoutes(Router& router, ModifierParts parts);

}  // namespace patchbay::http
