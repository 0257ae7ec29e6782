// The modifiers that are C++ too: those the field uses most, where their meaning is simple enough to be exact.
//
// Their reference is runtime-js/mapper/modifiers; protocol/mapping-cases holds both to it. Threads: free functions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "flows/mapping/mapped_value.h"
#include "flows/mapping/mapping_input.h"

namespace patchbay::flows::mapping {

enum class Modifier {
  kNow, kTimestamp, kPi, kFlowId, kFlowName, kUserId, kWebhookUrl, kCustomFields,
  kFirst, kLast, kLength, kUppercase, kLowercase, kTrim, kNot, kEquals, kCondition,
  kStringify, kJoin, kAdd, kSub, kMul, kDiv, kJsonPath,
};

struct NativeModifier {
  std::string_view name;
  Modifier modifier;
  std::size_t parameters;  // that it reads
  std::size_t allowed;     // positional parameters the native code covers
};

// Null when the modifier is not native.
const NativeModifier* findNativeModifier(std::string_view name);
std::span<const NativeModifier> nativeModifiers();

// Applies a modifier (not kJsonPath, which the evaluation follows as a path). `parameters` has as many values as the modifier
// reads. Nothing when only the mapper gives the exact result.
std::optional<Value> apply(Modifier modifier, const Value& value, std::span<const Value> parameters,
                           const MappingEnvironment& env, Texts& texts);

}  // namespace patchbay::flows::mapping
