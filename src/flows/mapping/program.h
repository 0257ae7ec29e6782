// The compiled form of a transform, and its evaluation.
//
// A program is a row of instructions that append to the output. Fields whose value is undefined leave nothing behind, so a
// member writes its comma behind itself and the end of the object takes the last one away.
// Threads: immutable once compiled; run() keeps its state on the stack.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "flows/mapping/mapped_value.h"
#include "flows/mapping/mapping_input.h"
#include "flows/mapping/native_modifiers.h"
#include "flows/mapping/variable_path.h"

namespace patchbay::flows::mapping {

struct Program;

// Where a chain starts.
struct Source {
  enum class Kind { kNothing, kScope, kContent };
  Kind kind = Kind::kNothing;
  std::string componentId, port;
  Path path;  // below the payload or the content
};

struct Template;

struct Step {
  Modifier modifier = Modifier::kNot;
  std::vector<Template> parameters;
  Path path;  // of g_jsonPath
};

// A variable and the functions over it.
struct Chain {
  Source source;
  std::vector<Step> steps;
};

// A piece of a text: literal characters, escaped for JSON, then the text form of a value.
struct Piece {
  std::string escaped;
  std::optional<Chain> chain;
};

// A leaf of the lambda with placeholders: one value with its type, or a text.
using Leaf = std::variant<Chain, std::vector<Piece>>;

// A parameter: a constant (JSON text, empty = undefined), a leaf, or an object or array that holds placeholders.
struct Template {
  std::variant<std::string, Leaf, std::shared_ptr<const Program>> form;
};

struct Instruction {
  enum class Kind { kLiteral, kRoot, kItem, kMember, kCloseObject };
  Kind kind = Kind::kLiteral;
  std::string literal;  // appended first; JSON
  std::string key;      // of a member: `"name":`
  Leaf leaf;
};

struct Program {
  std::vector<Instruction> instructions;
};

// What became of a step of an evaluation.
enum class Outcome { kDone, kUndefined, kNeedsMapper };

Outcome run(const Program& program, const MappingInput& input, std::string& out);

}  // namespace patchbay::flows::mapping
