#include "runtime/frames.h"

#include <simdjson.h>

#include <array>
#include <vector>

#include "runtime/json_scalars.h"

namespace patchbay::runtime {
namespace {

namespace ondemand = simdjson::ondemand;

// A parser that has grown over this is dropped after its frame.
constexpr std::size_t kKeptParserBytes = 1024 * 1024;

enum Member : std::uint32_t {
  kT = 1U << 0U,
  kId = 1U << 1U,
  kQ = 1U << 2U,
  kOp = 1U << 3U,
  kA = 1U << 4U,
  kSends = 1U << 5U,
  kUrl = 1U << 6U,
  kValue = 1U << 7U,
  kKind = 1U << 8U,
  kErr = 1U << 9U,
  kLevel = 1U << 10U,
  kMessage = 1U << 11U,
  kData = 1U << 12U,
  kN = 1U << 13U,
  kHeap = 1U << 14U,
  kRss = 1U << 15U,
  kNode = 1U << 16U,
  kWarnings = 1U << 17U,
  kResponse = 1U << 18U,
};

struct MemberName {
  std::string_view name;
  Member member;
};

constexpr std::array kMembers = {
    MemberName{"t", kT},       MemberName{"id", kId},       MemberName{"q", kQ},
    MemberName{"op", kOp},     MemberName{"a", kA},         MemberName{"sends", kSends},
    MemberName{"url", kUrl},   MemberName{"value", kValue}, MemberName{"kind", kKind},
    MemberName{"err", kErr},   MemberName{"level", kLevel}, MemberName{"message", kMessage},
    MemberName{"data", kData}, MemberName{"n", kN},         MemberName{"heap", kHeap},
    MemberName{"rss", kRss},   MemberName{"node", kNode},   MemberName{"warnings", kWarnings},
    MemberName{"response", kResponse},
};

struct TypeName {
  std::string_view name;
  FrameType type;
  std::uint32_t required;
};

constexpr std::array kTypes = {
    TypeName{"done", FrameType::kDone, kId | kSends},
    TypeName{"host", FrameType::kHost, kId | kQ | kOp | kA},
    TypeName{"emit", FrameType::kEmit, kId | kSends},
    TypeName{"mapped", FrameType::kMapped, kId},
    TypeName{"log", FrameType::kLog, kId | kLevel | kMessage},
    TypeName{"fail", FrameType::kFail, kId | kKind | kErr},
    TypeName{"pong", FrameType::kPong, kN},
    TypeName{"ready", FrameType::kReady, 0},
};

struct KindName {
  std::string_view name;
  FailKind kind;
};

constexpr std::array kKinds = {
    KindName{"error", FailKind::kError},
    KindName{"cancel", FailKind::kCancel},
    KindName{"validation", FailKind::kValidation},
    KindName{"token", FailKind::kToken},
    KindName{"load", FailKind::kLoad},
};

std::string_view memberName(std::uint32_t member) {
  for (const MemberName& known : kMembers) {
    if ((known.member & member) != 0) {
      return known.name;
    }
  }
  return "?";
}

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && (token.back() == ' ' || token.back() == '\t' || token.back() == '\r' ||
                            token.back() == '\n')) {
    token.remove_suffix(1);
  }
  return token;
}

}  // namespace

struct FrameDecoder::Parser {
  std::unique_ptr<ondemand::parser> json = std::make_unique<ondemand::parser>();
  UpFrame frame;
  std::vector<Send> sends;
  std::vector<std::string_view> warnings;
};

// One pass over one frame. Every method returns false after noting what is wrong.
class FrameDecoder::Walk {
 public:
  Walk(Parser& parser, std::span<char> line) : parser_(parser), frame_(parser.frame), line_(line) {}

  bool run() {
    frame_ = UpFrame();
    parser_.sends.clear();
    parser_.warnings.clear();
    const simdjson::padded_string_view text(line_.data(), line_.size(),
                                            line_.size() + kFramePadding);
    ondemand::object object;
    if (const auto error = parser_.json->iterate(text).get(document_)) {
      return isBad("is not JSON", error);
    }
    if (const auto error = document_.get_object().get(object)) {
      return isBad("is not a JSON object", error);
    }
    for (auto result : object) {
      ondemand::field field;
      if (const auto error = std::move(result).get(field)) {
        return isBad("is not JSON", error);
      }
      if (!readField(field)) {
        return false;
      }
    }
    const char* rest = nullptr;
    if (document_.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      return isBad("has text behind its end");
    }
    frame_.sends = parser_.sends;
    frame_.warnings = parser_.warnings;
    return checkMembers();
  }

  std::string takeProblem() { return std::move(problem_); }

 private:
  bool isBad(std::string_view what, simdjson::error_code error = simdjson::SUCCESS) {
    if (problem_.empty()) {
      problem_ = "A frame ";
      problem_ += what;
      if (error != simdjson::SUCCESS) {
        problem_ += std::string(": ") + simdjson::error_message(error);
      }
    }
    return false;
  }

  bool isBadMember(std::string_view name, std::string_view wanted) {
    return isBad("has a member \"" + std::string(name) + "\" that is not " + std::string(wanted));
  }

  bool readField(ondemand::field& field) {
    std::string_view key;
    if (!checkKey(field) || field.unescaped_key().get(key) != simdjson::SUCCESS) {
      return isBad("has a broken member name");
    }
    ondemand::value value = field.value();
    for (const MemberName& known : kMembers) {
      if (known.name == key) {
        seen_ |= known.member;
        return readMember(known, value);
      }
    }
    std::string_view ignored;
    return raw(value, ignored);
  }

  bool readMember(const MemberName& known, ondemand::value& value) {
    switch (known.member) {
      case kT:
        return text(known, value, type_);
      case kId:
        return number(known, value, frame_.id);
      case kQ:
        return number(known, value, frame_.q.emplace());
      case kOp:
        return text(known, value, frame_.op);
      case kA:
        return raw(value, frame_.arguments);
      case kSends:
        return sends(value);
      case kUrl:
        return flag(known, value, frame_.tookUrl);
      case kValue:
        return raw(value, frame_.value);
      case kResponse:
        return raw(value, frame_.response);
      case kKind:
        return text(known, value, kind_);
      case kErr:
        return raw(value, frame_.err);
      case kLevel:
        return text(known, value, frame_.level);
      case kMessage:
        return text(known, value, frame_.message);
      case kData:
        return raw(value, frame_.data);
      case kN:
        return number(known, value, frame_.n);
      case kHeap:
        return number(known, value, frame_.heap);
      case kRss:
        return number(known, value, frame_.rss);
      case kNode:
        return text(known, value, frame_.node);
      case kWarnings:
        return warnings(value);
    }
    return false;
  }

  bool number(const MemberName& known, ondemand::value& value, std::uint64_t& out) {
    return value.get_uint64().get(out) == simdjson::SUCCESS ||
           isBadMember(known.name, "a whole number");
  }

  bool flag(const MemberName& known, ondemand::value& value, bool& out) {
    return value.get_bool().get(out) == simdjson::SUCCESS ||
           isBadMember(known.name, "true or false");
  }

  bool text(const MemberName& known, ondemand::value& value, std::string_view& out) {
    return unescaped(value, out) || isBadMember(known.name, "a text");
  }

  // A decoded string; false also when the value is none.
  bool unescaped(ondemand::value& value, std::string_view& out) {
    std::string_view slice;
    ondemand::json_type type{};
    return value.type().get(type) == simdjson::SUCCESS && type == ondemand::json_type::string &&
           checkString(value.raw_json_token(), slice) &&
           value.get_string().get(out) == simdjson::SUCCESS;
  }

  bool sends(ondemand::value& value) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
      return isBadMember("sends", "a list");
    }
    parser_.sends.clear();
    for (auto result : array) {
      ondemand::value item;
      ondemand::object object;
      if (std::move(result).get(item) != simdjson::SUCCESS ||
          item.get_object().get(object) != simdjson::SUCCESS || !send(object)) {
        return isBadMember("sends", "a list of {port, payload, scope, headers, contentType}");
      }
    }
    return true;
  }

  bool send(ondemand::object& object) {
    Send out{{}, "null", {}, {}, {}};
    bool hasPort = false;
    for (auto result : object) {
      ondemand::field field;
      std::string_view key;
      if (std::move(result).get(field) != simdjson::SUCCESS || !checkKey(field) ||
          field.unescaped_key().get(key) != simdjson::SUCCESS) {
        return false;
      }
      ondemand::value value = field.value();
      std::string_view ignored;
      if (key == "port") {
        hasPort = unescaped(value, out.port);
      } else if (!raw(value, key == "payload"   ? out.payload
                             : key == "scope"   ? out.scope
                             : key == "headers" ? out.headers
                             : key == "contentType" ? out.contentType
                                                    : ignored)) {
        return false;
      }
      if (!hasPort && key == "port") {
        return false;
      }
    }
    parser_.sends.push_back(out);
    return hasPort && (out.contentType.empty() || out.contentType.front() == '"');
  }

  bool warnings(ondemand::value& value) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) {
      return isBadMember("warnings", "a list");
    }
    parser_.warnings.clear();
    for (auto result : array) {
      ondemand::value item;
      std::string_view warning;
      if (std::move(result).get(item) != simdjson::SUCCESS || !unescaped(item, warning)) {
        return isBadMember("warnings", "a list of texts");
      }
      parser_.warnings.push_back(warning);
    }
    return true;
  }

  // The slice of any value, checked to its leaves.
  bool raw(ondemand::value& value, std::string_view& out) {
    const std::string_view token = value.raw_json_token();
    if (!token.empty() && (token[0] == '{' || token[0] == '[')) {
      const char* end = nullptr;
      if (!container(value, 1)) {
        return isBad("is not JSON");
      }
      if (const auto error = document_.current_location().get(end)) {
        return isBad("is not JSON", error);
      }
      out = trimmed({token.data(), static_cast<std::size_t>(end - token.data())});
      return true;
    }
    return scalar(value, out) || isBad("is not JSON");
  }

  bool any(ondemand::value& value, std::size_t depth) {
    const std::string_view token = value.raw_json_token();
    std::string_view ignored;
    return !token.empty() && (token[0] == '{' || token[0] == '[') ? container(value, depth + 1)
                                                                  : scalar(value, ignored);
  }

  bool container(ondemand::value& value, std::size_t depth) {
    if (depth > kMaxFrameDepth) {
      return isBad("is more than " + std::to_string(kMaxFrameDepth) + " levels deep");
    }
    ondemand::object object;
    if (value.raw_json_token()[0] == '{') {
      return value.get_object().get(object) == simdjson::SUCCESS && members(object, depth);
    }
    ondemand::array array;
    return value.get_array().get(array) == simdjson::SUCCESS && items(array, depth);
  }

  bool members(ondemand::object& object, std::size_t depth) {
    for (auto result : object) {
      ondemand::field field;
      if (std::move(result).get(field) != simdjson::SUCCESS || !checkKey(field) ||
          !any(field.value(), depth)) {
        return false;
      }
    }
    return true;
  }

  bool items(ondemand::array& array, std::size_t depth) {
    for (auto result : array) {
      ondemand::value item;
      if (std::move(result).get(item) != simdjson::SUCCESS || !any(item, depth)) {
        return false;
      }
    }
    return true;
  }

  bool scalar(ondemand::value& value, std::string_view& out) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token.empty()) {
      return false;
    }
    if (token[0] == '"') {
      ondemand::raw_json_string consumed;
      return checkString(token, out) &&
             value.get_raw_json_string().get(consumed) == simdjson::SUCCESS;
    }
    out = token;
    return token == "true" || token == "false" || token == "null" || isJsonNumber(token);
  }

  // `token` may have spaces behind it; `out` is the string with its quotes.
  bool checkString(std::string_view token, std::string_view& out) {
    out = trimmed(token);
    return out.size() >= 2 && out.back() == '"' &&
           repairJsonString(mutableSlice(out.substr(1, out.size() - 2)));
  }

  // The name of a member lies between its quote and the colon before its value.
  bool checkKey(ondemand::field& field) {
    const char* start = field.key().raw();
    const char* end = start;
    const char* last = line_.data() + line_.size();
    while (end < last && *end != '"') {
      end += *end == '\\' ? 2 : 1;
    }
    return end < last &&
           repairJsonString(mutableSlice({start, static_cast<std::size_t>(end - start)}));
  }

  std::span<char> mutableSlice(std::string_view slice) {
    return line_.subspan(static_cast<std::size_t>(slice.data() - line_.data()), slice.size());
  }

  bool checkMembers() {
    for (const TypeName& known : kTypes) {
      if (known.name == type_) {
        frame_.type = known.type;
        const std::uint32_t missing = known.required & ~seen_;
        return missing == 0 ? checkKind(known.type)
                            : isBad("of type \"" + std::string(type_) + "\" has no member \"" +
                                    std::string(memberName(missing)) + "\"");
      }
    }
    return isBad((seen_ & kT) == 0
                     ? std::string("has no member \"t\"")
                     : "has the unknown type \"" + std::string(type_.substr(0, 40)) + "\"");
  }

  bool checkKind(FrameType type) {
    if (type != FrameType::kFail) {
      return true;
    }
    for (const KindName& known : kKinds) {
      if (known.name == kind_) {
        frame_.kind = known.kind;
        return true;
      }
    }
    return isBadMember("kind", "cancel, validation, token, load or error");
  }

  Parser& parser_;
  UpFrame& frame_;
  std::span<char> line_;
  ondemand::document document_;
  std::uint32_t seen_ = 0;
  std::string_view type_, kind_;
  std::string problem_;
};

FrameDecoder::FrameDecoder() : parser_(std::make_unique<Parser>()) {}
FrameDecoder::~FrameDecoder() = default;

base::Result<const UpFrame*> FrameDecoder::decode(std::span<char> line) {
  if (line.size() > kMaxFrameBytes) {
    return base::fail(base::Code::kInvalid, "A frame is longer than 32 MiB");
  }
  if (parser_->json->capacity() > kKeptParserBytes && line.size() <= kKeptParserBytes) {
    parser_->json = std::make_unique<ondemand::parser>();
  }
  Walk walk(*parser_, line);
  if (!walk.run()) {
    return base::fail(base::Code::kInvalid, walk.takeProblem());
  }
  return static_cast<const UpFrame*>(&parser_->frame);
}

}  // namespace patchbay::runtime
