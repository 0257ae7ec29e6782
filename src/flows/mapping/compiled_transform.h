// One transform of a flow (flow-format.md §3), compiled for fast evaluation over raw JSON text.
//
// Literals are serialised at compile time, variables are cut out of the payload's text, so that an evaluation is mostly
// concatenation. What is not covered here, or not covered exactly, is left to a mapper process: `native()` says so of the
// whole transform, Mapped::kNeedsMapper of one message (for example g_uppercase over text that is not ASCII). Where both
// evaluate, they agree byte for byte on payloads written by JSON.stringify (protocol/mapping-cases tests that).
//
// Threads: immutable; evaluate() is safe from any thread.
// Errors: compile() fails with kInvalid on a malformed transform. evaluate() does not fail: malformed payloads need the mapper.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "base/result.h"
#include "flows/mapping/mapping_input.h"

namespace patchbay::flows {

// A payload of the scope that a transform reads.
struct ScopeReference {
  std::string componentId, port;
  bool operator==(const ScopeReference&) const = default;
};

enum class Mapped {
  kDone,         // the content stands in `out`
  kUndefined,    // the transform gives no value at all (a lambda that is one placeholder)
  kNeedsMapper,  // `out` is not valid; send the transform to a mapper process
};

// Names of modifiers whose text, arguments or existence differ from what we ship: their native code is not used (R33).
using ChangedModifiers = std::set<std::string, std::less<>>;
ChangedModifiers changedModifiers(const boost::json::value& document, const boost::json::value& shipped);

namespace mapping {
struct Program;
}

class CompiledTransform {
 public:
  // `transform` = {type?, lambda, modifiers?}. Also used for config.properties: {lambda: properties, modifiers}.
  static base::Result<CompiledTransform> compile(const boost::json::value& transform,
                                                 const ChangedModifiers& changed = {});

  bool native() const { return native_; }
  // Every payload of the scope the transform can read, natively or in a mapper, once each. When `needsWholeScope()`, it may
  // read more than could be told from its text (a variable `$` or `$.id`): give the mapper all there is.
  const std::vector<ScopeReference>& references() const { return references_; }
  bool needsWholeScope() const { return needsWholeScope_; }

  // Writes the content as one line of JSON to `out`, which is cleared first and may be reused between calls.
  Mapped evaluate(const MappingInput& input, std::string& out) const;

 private:
  std::shared_ptr<const mapping::Program> program_;
  std::vector<ScopeReference> references_;
  bool native_ = false;
  bool needsWholeScope_ = false;
};

}  // namespace patchbay::flows
