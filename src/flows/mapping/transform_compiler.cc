#include "flows/mapping/transform_compiler.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "flows/mapping/json_text.h"
#include "flows/mapping/key_order.h"
#include "flows/mapping/placeholder.h"

namespace patchbay::flows::mapping {

namespace {

using boost::json::object;
using boost::json::value;

// Entries may refer to each other through parameters: both bounds stop a circle, the second also a tree that doubles.
constexpr int kChainDepth = 24;
constexpr int kLookups = 20'000;

// Where a placeholder finds its entry: the maps of its parameter and field, then those of all fields.
struct Maps {
  std::vector<const object*> near;
  const std::vector<const object*>* all = nullptr;
};

bool holdsPlaceholder(const value& node) {
  if (const auto* text = node.if_string()) {
    return !findPlaceholders(*text).empty();
  }
  if (const auto* items = node.if_array()) {
    return std::any_of(items->begin(), items->end(), holdsPlaceholder);
  }
  const auto* members = node.if_object();
  return members != nullptr && std::any_of(members->begin(), members->end(), [](const auto& member) {
           return holdsPlaceholder(member.value());
         });
}

// Gathers instructions; literals that follow each other become one.
class ProgramWriter {
 public:
  std::string& literal() { return pending_; }

  void add(Instruction instruction) {
    instruction.literal = std::exchange(pending_, {});
    program_.instructions.push_back(std::move(instruction));
  }

  void closeObject() {
    if (pending_.empty()) {
      add({Instruction::Kind::kCloseObject, {}, {}, {}});
    } else if (pending_.back() == ',') {
      pending_.back() = '}';
    } else {
      pending_.push_back('}');
    }
  }

  std::shared_ptr<const Program> finish() {
    if (!pending_.empty()) {
      add({Instruction::Kind::kLiteral, {}, {}, {}});
    }
    return std::make_shared<const Program>(std::move(program_));
  }

 private:
  std::string pending_;
  Program program_;
};

class Compiler {
 public:
  explicit Compiler(const ChangedModifiers& changed) : changed_(changed) {}

  Compilation compile(const value& lambda, const value& modifiers) {
    std::vector<const object*> all;
    if (const auto* fields = modifiers.if_object()) {
      for (const auto* field : inKeyOrder(*fields)) {
        if (field->value().is_object()) {
          all.push_back(&field->value().get_object());
        }
      }
    }
    ProgramWriter writer;
    if (const auto* fields = lambda.if_object()) {
      compileFields(*fields, modifiers, all, writer);
    } else {
      emit(lambda, {{}, &all}, Instruction::Kind::kRoot, {}, writer);
    }
    result_.program = writer.finish();
    if (!result_.native) {
      gather(lambda);
      gather(modifiers);
    }
    return std::move(result_);
  }

 private:
  void compileFields(const object& fields, const value& modifiers, const std::vector<const object*>& all,
                     ProgramWriter& writer) {
    writer.literal() += '{';
    for (const auto* field : inKeyOrder(fields)) {
      const value* own = json::find(modifiers, field->key());
      Maps maps{{}, &all};
      if (own != nullptr && own->is_object()) {
        maps.near.push_back(&own->get_object());
      }
      emit(field->value(), maps, Instruction::Kind::kMember, field->key(), writer);
    }
    writer.closeObject();
  }

  // A node of the lambda, as the content itself, an item or a member.
  void emit(const value& node, const Maps& maps, Instruction::Kind kind, std::string_view key, ProgramWriter& writer) {
    std::string name;
    if (kind == Instruction::Kind::kMember) {
      json::writeString(key, name);
      name += ':';
    }
    if (node.is_string() && holdsPlaceholder(node)) {
      writer.add({kind, {}, std::move(name), compileText(node.get_string(), maps)});
      return;
    }
    writer.literal() += name;
    if (const auto* items = node.if_array()) {
      emitArray(*items, maps, writer);
    } else if (const auto* members = node.if_object()) {
      emitObject(*members, maps, writer);
    } else {
      json::write(node, writer.literal());
    }
    if (kind == Instruction::Kind::kMember) {
      writer.literal() += ',';
    }
  }

  void emitArray(const boost::json::array& items, const Maps& maps, ProgramWriter& writer) {
    writer.literal() += '[';
    bool first = true;
    for (const value& item : items) {
      writer.literal() += std::exchange(first, false) ? "" : ",";
      emit(item, maps, Instruction::Kind::kItem, {}, writer);
    }
    writer.literal() += ']';
  }

  void emitObject(const object& members, const Maps& maps, ProgramWriter& writer) {
    writer.literal() += '{';
    for (const auto* member : inKeyOrder(members)) {
      emit(member->value(), maps, Instruction::Kind::kMember, member->key(), writer);
    }
    writer.closeObject();
  }

  Leaf compileText(std::string_view text, const Maps& maps) {
    const auto placeholders = findPlaceholders(text);
    if (placeholders.size() == 1 && placeholders[0].begin == 0 && placeholders[0].end == text.size()) {
      return compilePlaceholder(placeholders[0].id, maps);
    }
    std::vector<Piece> pieces;
    std::size_t at = 0;
    for (const Placeholder& placeholder : placeholders) {
      Piece& piece = pieces.emplace_back();
      appendEscaped(text.substr(at, placeholder.begin - at), piece.escaped);
      piece.chain = compilePlaceholder(placeholder.id, maps);
      at = placeholder.end;
    }
    appendEscaped(text.substr(at), pieces.emplace_back().escaped);
    return pieces;
  }

  Chain compilePlaceholder(std::string_view id, const Maps& maps) {
    const bool plainEnds = !id.empty() && static_cast<unsigned char>(id.front()) < 0x80 &&
                           static_cast<unsigned char>(id.back()) < 0x80;
    if (!plainEnds || !result_.native || depth_ >= kChainDepth) {
      return notNative();
    }
    if (const object* entry = findEntry(id, maps)) {
      ++depth_;
      Chain chain = compileEntry(*entry, maps);
      --depth_;
      return chain;
    }
    return compileLegacy(id);
  }

  const object* findEntry(std::string_view id, const Maps& maps) {
    const auto in = [&](const std::vector<const object*>& group) -> const object* {
      for (const object* map : group) {
        result_.native = result_.native && ++lookups_ <= kLookups;
        const value* entry = result_.native ? map->if_contains(id) : nullptr;
        if (entry != nullptr && entry->is_object()) {
          return &entry->get_object();
        }
      }
      return nullptr;
    };
    const object* near = in(maps.near);
    return near != nullptr ? near : in(*maps.all);
  }

  // `{{{$.id.port.path}}}` and `{{{g_name}}}`; other forms of the old style are the mapper's, and so is its warning.
  Chain compileLegacy(std::string_view id) {
    const bool isWord = std::all_of(id.begin(), id.end(), [](char c) {
      return c > ' ' && c < 0x7F && std::string_view("()\"'=").find(c) == std::string_view::npos;
    });
    if (isWord && id.starts_with('$')) {
      return {compileVariable(id), {}};
    }
    if (!isWord || !id.starts_with("g_")) {
      return notNative();
    }
    Chain chain;
    compileFunction({{"name", id}}, {}, chain);
    return chain;
  }

  Chain compileEntry(const object& entry, const Maps& maps) {
    Chain chain;
    const value* variable = entry.if_contains("variable");
    if (variable == nullptr && entry.contains("start")) {
      return notNative();
    }
    if (variable != nullptr && variable->is_string() && !variable->get_string().empty()) {
      chain.source = compileVariable(variable->get_string());
    }
    for (const value& function : json::getArray(entry, "functions")) {
      if (!function.is_object()) {
        return notNative();
      }
      compileFunction(function.get_object(), maps, chain);
    }
    return chain;
  }

  Source compileVariable(std::string_view variable) {
    Source source;
    auto path = variable.starts_with('@') ? std::nullopt : parseVariablePath(variable);
    if (!path || (path->front().name == "$" && path->size() < 3)) {
      notNative();
      return source;
    }
    if (path->front().name != "$") {
      source.kind = Source::Kind::kContent;
      source.path = std::move(*path);
      return source;
    }
    source.kind = Source::Kind::kScope;
    source.componentId = (*path)[1].name;
    source.port = (*path)[2].name;
    source.path.assign(path->begin() + 3, path->end());
    addReference(source.componentId, source.port);
    return source;
  }

  void compileFunction(const object& function, const Maps& maps, Chain& chain) {
    const std::string name = json::getString(function, "name");
    const NativeModifier* native = changed_.contains(name) ? nullptr : findNativeModifier(name);
    const auto& given = json::getArray(function, "params");
    if (native == nullptr || given.size() > native->allowed || !json::getObject(function, "hashParams").empty()) {
      notNative();
      return;
    }
    Step step;
    step.modifier = native->modifier;
    if (native->modifier == Modifier::kJsonPath) {
      compileJsonPath(given, step);
    } else {
      for (std::size_t i = 0; i < native->parameters; ++i) {
        step.parameters.push_back(i < given.size() ? compileParameter(given[i], maps) : Template{});
      }
    }
    chain.steps.push_back(std::move(step));
  }

  void compileJsonPath(const boost::json::array& given, Step& step) {
    const value* parameter = given.empty() ? nullptr : json::find(given[0], "value");
    if (parameter == nullptr || !parameter->is_string() || holdsPlaceholder(*parameter)) {
      notNative();
      return;
    }
    std::string_view text = parameter->get_string();
    text.remove_prefix(text.starts_with("$.") ? 2 : 0);
    auto path = parsePlainJsonPath(text);
    if (!path) {
      notNative();
      return;
    }
    step.path = std::move(*path);
  }

  Template compileParameter(const value& parameter, const Maps& outer) {
    const auto* members = parameter.if_object();
    const value* template_ = members == nullptr ? &parameter : members->if_contains("value");
    if (template_ == nullptr) {
      return {};
    }
    Maps maps = outer;
    const value* own = members == nullptr ? nullptr : members->if_contains("modifiers");
    if (own != nullptr && own->is_object()) {
      maps.near.insert(maps.near.begin(), &own->get_object());
    }
    if (!holdsPlaceholder(*template_)) {
      std::string constant;
      appendOrdered(*template_, constant);
      return {constant};
    }
    if (template_->is_string()) {
      return {compileText(template_->get_string(), maps)};
    }
    ProgramWriter writer;
    emit(*template_, maps, Instruction::Kind::kRoot, {}, writer);
    return {writer.finish()};
  }

  Chain notNative() {
    result_.native = false;
    return {};
  }

  void addReference(std::string_view componentId, std::string_view port) {
    ScopeReference reference{std::string(componentId), std::string(port)};
    auto& known = result_.references;
    if (std::find(known.begin(), known.end(), reference) == known.end()) {
      known.push_back(std::move(reference));
    }
  }

  // What a mapper may read: every variable anywhere, and the old style in texts.
  void gather(const value& node) {
    if (const auto* items = node.if_array()) {
      std::for_each(items->begin(), items->end(), [this](const value& item) { gather(item); });
    } else if (const auto* text = node.if_string()) {
      for (const Placeholder& placeholder : findPlaceholders(*text)) {
        result_.needsWholeScope = result_.needsWholeScope || placeholder.id.find('$') != std::string_view::npos;
      }
    } else if (const auto* members = node.if_object()) {
      for (const auto& member : *members) {
        if (member.key() == "variable" && member.value().is_string()) {
          gatherVariable(member.value().get_string());
        }
        gather(member.value());
      }
    }
  }

  void gatherVariable(std::string_view variable) {
    if (!variable.starts_with('$')) {
      return;
    }
    const auto path = parseVariablePath(variable);
    if (path && path->front().name == "$" && path->size() >= 3) {
      addReference((*path)[1].name, (*path)[2].name);
    } else {
      result_.needsWholeScope = true;
    }
  }

  const ChangedModifiers& changed_;
  Compilation result_;
  int depth_ = 0;
  int lookups_ = 0;
};

}  // namespace

Compilation compileLambda(const value& lambda, const value& modifiers, const ChangedModifiers& changed) {
  return Compiler(changed).compile(lambda, modifiers);
}

}  // namespace patchbay::flows::mapping
