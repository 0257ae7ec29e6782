// The modifiers that users pick in the Designer (rest-api §16).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/route.h"
#include "store/store.h"

namespace patchbay::http {

struct ModifierParts {
  store::Store& store;
  std::string shipped;  // the document that comes with the server, JSON text
  // The document changed: empty = the shipped one. For the mapper pool.
  std::function<void(std::string document)> changed;
  // Runs a function with arguments in a mapper: JSON text of {"helperFn","arguments"} in, the result's JSON text out, nothing =
  // undefined. `told` from any thread.
  using Tested = std::function<void(base::Result<std::optional<std::string>>)>;
  std::function<void(std::string helperFn, std::string argumentsJson, Tested told)> test;
};

// Reads what is stored and tells it to `changed`. After a DELETE there is no document until the server starts again.
base::Status addModifierRoutes(Router& router, ModifierParts parts);

}  // namespace patchbay::http
