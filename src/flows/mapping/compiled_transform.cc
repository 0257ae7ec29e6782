#include "flows/mapping/compiled_transform.h"

#include <string_view>

#include <boost/json.hpp>

#include "base/json.h"
#include "flows/mapping/native_modifiers.h"
#include "flows/mapping/program.h"
#include "flows/mapping/transform_compiler.h"

namespace patchbay::flows {

namespace {

const boost::json::value* definitionOf(const boost::json::value& document, std::string_view name) {
  const auto* modifiers = json::find(document, "modifiers");
  return modifiers == nullptr ? nullptr : json::find(*modifiers, name);
}

bool agree(const boost::json::value& a, const boost::json::value& b, std::string_view key) {
  const auto* left = json::find(a, key);
  const auto* right = json::find(b, key);
  return left != nullptr && right != nullptr ? *left == *right : left == right;
}

}  // namespace

ChangedModifiers changedModifiers(const boost::json::value& document, const boost::json::value& shipped) {
  ChangedModifiers changed;
  for (const auto& native : mapping::nativeModifiers()) {
    const auto* current = definitionOf(document, native.name);
    const auto* original = definitionOf(shipped, native.name);
    const bool same = current != nullptr && original != nullptr && agree(*current, *original, "helperFn") &&
                      agree(*current, *original, "arguments") &&
                      agree(*current, *original, "variableArguments");
    if (!same) {
      changed.emplace(native.name);
    }
  }
  return changed;
}

base::Result<CompiledTransform> CompiledTransform::compile(const boost::json::value& transform,
                                                           const ChangedModifiers& changed) {
  static const boost::json::value kNone = nullptr;
  static const boost::json::value kEmpty = boost::json::object();
  const auto* members = transform.if_object();
  if (members == nullptr) {
    return base::fail(base::Code::kInvalid, "Malformed transformation: it must be an object");
  }
  const auto* type = members->if_contains("type");
  const bool isNew = type == nullptr || type->is_null() || *type == "json2new";
  if (!isNew && *type != "json2ext") {
    return base::fail(base::Code::kInvalid,
                      "Malformed transformation: \"type\" must be json2new or json2ext");
  }
  const auto* lambda = members->if_contains("lambda");
  const auto* modifiers = members->if_contains("modifiers");
  auto compilation = mapping::compileLambda(lambda == nullptr ? kEmpty : *lambda,
                                            modifiers == nullptr ? kNone : *modifiers, changed);
  CompiledTransform compiled;
  compiled.program_ = std::move(compilation.program);
  compiled.references_ = std::move(compilation.references);
  compiled.needsWholeScope_ = compilation.needsWholeScope;
  compiled.native_ = compilation.native && isNew;
  return compiled;
}

Mapped CompiledTransform::evaluate(const MappingInput& input, std::string& out) const {
  out.clear();
  if (!native_) {
    return Mapped::kNeedsMapper;
  }
  switch (mapping::run(*program_, input, out)) {
    case mapping::Outcome::kDone: return Mapped::kDone;
    case mapping::Outcome::kUndefined: return Mapped::kUndefined;
    case mapping::Outcome::kNeedsMapper: break;
  }
  return Mapped::kNeedsMapper;
}

}  // namespace patchbay::flows
