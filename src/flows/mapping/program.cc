#include "flows/mapping/program.h"

#include <array>

#include "flows/mapping/json_cursor.h"

namespace patchbay::flows::mapping {

namespace {

constexpr std::size_t kParameters = 2;  // most that a native modifier reads

class Evaluation {
 public:
  explicit Evaluation(const MappingInput& input) : input_(input) {}

  Outcome run(const Program& program, std::string& out) {
    for (const Instruction& instruction : program.instructions) {
      out += instruction.literal;
      const Outcome outcome = step(instruction, out);
      if (outcome != Outcome::kDone) {
        return outcome;
      }
    }
    return Outcome::kDone;
  }

 private:
  Outcome step(const Instruction& instruction, std::string& out) {
    switch (instruction.kind) {
      case Instruction::Kind::kLiteral: return Outcome::kDone;
      case Instruction::Kind::kCloseObject:
        if (out.back() == ',') {
          out.back() = '}';
        } else {
          out.push_back('}');
        }
        return Outcome::kDone;
      case Instruction::Kind::kRoot: return leaf(instruction.leaf, out);
      case Instruction::Kind::kItem: {
        const Outcome outcome = leaf(instruction.leaf, out);
        out += outcome == Outcome::kUndefined ? "null" : "";
        return outcome == Outcome::kNeedsMapper ? outcome : Outcome::kDone;
      }
      case Instruction::Kind::kMember: return member(instruction, out);
    }
    return Outcome::kNeedsMapper;
  }

  Outcome member(const Instruction& instruction, std::string& out) {
    const std::size_t before = out.size();
    out += instruction.key;
    const Outcome outcome = leaf(instruction.leaf, out);
    if (outcome == Outcome::kUndefined) {
      out.resize(before);
      return Outcome::kDone;
    }
    out.push_back(',');
    return outcome;
  }

  Outcome leaf(const Leaf& leaf, std::string& out) {
    if (const auto* pieces = std::get_if<std::vector<Piece>>(&leaf)) {
      return text(*pieces, out) ? Outcome::kDone : Outcome::kNeedsMapper;
    }
    const auto value = valueOf(std::get<Chain>(leaf));
    if (value && value->kind == Value::Kind::kUndefined) {
      return Outcome::kUndefined;
    }
    return value && appendJson(*value, out) ? Outcome::kDone : Outcome::kNeedsMapper;
  }

  bool text(const std::vector<Piece>& pieces, std::string& out) {
    out.push_back('"');
    for (const Piece& piece : pieces) {
      out += piece.escaped;
      if (!piece.chain) {
        continue;
      }
      const auto value = valueOf(*piece.chain);
      if (!value || !appendEmbedded(*value, out)) {
        return false;
      }
    }
    out.push_back('"');
    return true;
  }

  std::optional<Value> sourceOf(const Source& source) {
    if (source.kind == Source::Kind::kNothing) {
      return Value::undefined();
    }
    if (source.kind == Source::Kind::kContent) {
      const Value content = Value::ofJson(trimmedValue(input_.content));
      return content.kind == Value::Kind::kObject ? follow(content, source.path) : Value::undefined();
    }
    const auto payload = input_.scope ? input_.scope(source.componentId, source.port) : std::nullopt;
    if (!payload) {
      return Value::undefined();
    }
    const Value whole = Value::ofJson(trimmedValue(*payload));
    return whole.kind == Value::Kind::kUndefined ? std::nullopt : follow(whole, source.path);
  }

  std::optional<Value> valueOf(const Chain& chain) {
    std::optional<Value> value = sourceOf(chain.source);
    for (const Step& step : chain.steps) {
      if (!value) {
        return std::nullopt;
      }
      value = stepped(step, *value);
    }
    return value;
  }

  std::optional<Value> stepped(const Step& step, const Value& value) {
    if (step.modifier == Modifier::kJsonPath) {
      return pathed(step, value);
    }
    std::array<Value, kParameters> parameters;
    for (std::size_t i = 0; i < step.parameters.size(); ++i) {
      const auto parameter = valueOf(step.parameters[i]);
      if (!parameter) {
        return std::nullopt;
      }
      parameters[i] = *parameter;
    }
    return apply(step.modifier, value, parameters, input_.env, texts_);
  }

  // JSON in a text is the mapper's to read.
  std::optional<Value> pathed(const Step& step, const Value& value) {
    if (value.kind == Value::Kind::kString) {
      return std::nullopt;
    }
    const bool hasParts = value.kind == Value::Kind::kObject || value.kind == Value::Kind::kArray;
    return hasParts ? follow(value, step.path) : Value::undefined();
  }

  std::optional<Value> valueOf(const Template& parameter) {
    if (const auto* constant = std::get_if<std::string>(&parameter.form)) {
      return Value::ofJson(*constant);
    }
    if (const auto* leafForm = std::get_if<Leaf>(&parameter.form)) {
      if (const auto* chain = std::get_if<Chain>(leafForm)) {
        return valueOf(*chain);
      }
      std::string& written = texts_.make();
      return text(std::get<std::vector<Piece>>(*leafForm), written) ? std::optional(Value::ofJson(written))
                                                                    : std::nullopt;
    }
    std::string& written = texts_.make();
    const Outcome outcome = run(*std::get<std::shared_ptr<const Program>>(parameter.form), written);
    return outcome == Outcome::kDone ? std::optional(Value::ofJson(written)) : std::nullopt;
  }

  const MappingInput& input_;
  Texts texts_;
};

}  // namespace

Outcome run(const Program& program, const MappingInput& input, std::string& out) {
  return Evaluation(input).run(program, out);
}

}  // namespace patchbay::flows::mapping
