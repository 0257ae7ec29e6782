#include "flows/flow_document.h"

#include <array>
#include <utility>

#include "base/clock.h"
#include "base/json.h"
#include "connectors/registry.h"
#include "flows/sharing.h"

namespace patchbay::flows {
namespace {

using boost::json::kind;
using boost::json::object;
using boost::json::value;

constexpr std::size_t kMaxNameBytes = 4096;

// What a field may hold besides null.
enum class Form : std::uint8_t { kText, kObject, kArray, kAny };
// What null means: not sent, or a value to keep.
enum class Null : std::uint8_t { kNotSent, kKept };

struct Field {
  std::string_view name;
  Form form;
  Null null;
};

// Every field a client may write, in the order in which it is kept. Fields of unknown form come
// back as they were sent.
constexpr std::array<Field, 16> kWritable = {{
    {"name", Form::kText, Null::kNotSent},
    {"description", Form::kText, Null::kKept},
    {"type", Form::kText, Null::kNotSent},
    {"flow", Form::kObject, Null::kNotSent},
    {"customFields", Form::kObject, Null::kNotSent},
    {"sharedWith", Form::kArray, Null::kNotSent},
    {"wizard", Form::kAny, Null::kKept},
    {"thumbnail", Form::kText, Null::kKept},
    {"svg", Form::kText, Null::kKept},
    {"mode", Form::kAny, Null::kKept},
    {"categories", Form::kAny, Null::kKept},
    {"notes", Form::kAny, Null::kKept},
    {"templateId", Form::kText, Null::kKept},
    {"originFlowId", Form::kText, Null::kKept},
    {"componentIdMap", Form::kObject, Null::kKept},
    {"revision", Form::kAny, Null::kKept},
}};

bool hasForm(const value& sent, Form form) {
  switch (form) {
    case Form::kText:
      return sent.is_string();
    case Form::kObject:
      return sent.is_object();
    case Form::kArray:
      return sent.is_array();
    case Form::kAny:
      return true;
  }
  return false;
}

std::string_view formText(Form form) {
  switch (form) {
    case Form::kText:
      return "a text";
    case Form::kObject:
      return "an object";
    case Form::kArray:
      return "an array";
    case Form::kAny:
      break;
  }
  return "a value";
}

base::Status checkField(const Field& field, const value& sent) {
  if (!hasForm(sent, field.form) && !sent.is_null()) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(field.name) + "\" must be " +
                                                std::string(formText(field.form)) + ".");
  }
  if (field.name == "sharedWith") {
    return checkSharedWith(sent);
  }
  if ((field.name == "name" || field.name == "type") && sent.get_string().size() > kMaxNameBytes) {
    return base::fail(base::Code::kInvalid,
                      "\"" + std::string(field.name) + "\" is longer than 4096 bytes.");
  }
  return {};
}

value timeOrNull(std::int64_t millis) {
  return millis == 0 ? value(nullptr) : value(base::toIso(base::fromMillis(millis)));
}

// Copies a kept field to the wire; absent stays absent.
void copyKept(const object& document, std::string_view name, object& wire) {
  if (const value* kept = json::find(document, name)) {
    wire[name] = *kept;
  }
}

void copyOrNull(const object& document, std::string_view name, object& wire) {
  const value* kept = json::find(document, name);
  wire[name] = kept == nullptr ? value(nullptr) : *kept;
}

// A recipient sees who else a flow is shared with no more than the flow's other secrets.
value ownEntries(const value& sharedWith, const access::Caller& viewer) {
  boost::json::array own;
  if (sharedWith.is_array()) {
    for (const value& entry : sharedWith.get_array()) {
      if (entryNames(entry, viewer)) {
        own.push_back(entry);
      }
    }
  }
  return own;
}

void copySharedWith(const object& document, const access::Caller* viewer, object& wire) {
  const value* sharedWith = json::find(document, "sharedWith");
  if (sharedWith == nullptr) {
    return;
  }
  wire["sharedWith"] = viewer == nullptr ? *sharedWith : ownEntries(*sharedWith, *viewer);
}

}  // namespace

base::Status mergeWrite(const object& body, object& document) {
  for (const Field& field : kWritable) {
    const value* sent = json::find(body, field.name);
    if (sent == nullptr || (sent->is_null() && field.null == Null::kNotSent)) {
      continue;
    }
    if (auto status = checkField(field, *sent); !status) {
      return status;
    }
    document[field.name] = *sent;
  }
  return {};
}

void resolveVersions(value& flow, const connectors::Registry& registry) {
  if (!flow.is_object()) {
    return;
  }
  for (auto& [id, node] : flow.get_object()) {
    if (!node.is_object()) {
      continue;
    }
    object& members = node.get_object();
    const connectors::Found found = registry.find(json::getString(members, "type"));
    if (found) {
      members["version"] = found.component->version;
    }
  }
}

object wireFlow(const store::FlowRecord& record, const access::Caller* viewer) {
  const value whole = json::parseOwn(record.document);
  const object& document = whole.get_object();
  object wire;
  wire["flowId"] = record.flowId;
  wire["userId"] = record.userId;
  wire["name"] = record.name;
  copyKept(document, "description", wire);
  copyKept(document, "type", wire);
  wire["stage"] = record.stage;
  copyKept(document, "flow", wire);
  copyKept(document, "customFields", wire);
  copySharedWith(document, viewer, wire);
  for (const std::string_view name :
       {"wizard", "thumbnail", "svg", "mode", "categories", "notes"}) {
    copyKept(document, name, wire);
  }
  wire["btime"] = timeOrNull(record.btime);
  wire["mtime"] = timeOrNull(record.mtime);
  wire["started"] = timeOrNull(record.started);
  wire["stopped"] = timeOrNull(record.stopped);
  wire["runtimeErrors"] = boost::json::array();
  for (const std::string_view name : {"templateId", "originFlowId", "componentIdMap", "revision"}) {
    copyOrNull(document, name, wire);
  }
  return wire;
}

const value* LoadedFlow::customFields() const {
  const value* fields = json::find(document, "customFields");
  return fields == nullptr || !fields->is_object() ? nullptr : fields;
}

base::Result<std::shared_ptr<const LoadedFlow>> loadFlow(store::FlowRecord record) {
  auto whole = json::parse(record.document, "The flow document");
  if (!whole) {
    return whole.error();
  }
  if (!whole->is_object()) {
    return base::fail(base::Code::kInvalid, "The flow document is not an object.");
  }
  auto loaded = std::make_shared<LoadedFlow>();
  loaded->document = std::move(whole->get_object());
  value flow = object();
  if (value* given = loaded->document.if_contains("flow")) {
    flow = std::move(*given);
    json::eraseKey(loaded->document, "flow");
  }
  auto descriptor = Descriptor::parse(std::move(flow));
  if (!descriptor) {
    return descriptor.error();
  }
  loaded->descriptor = *std::move(descriptor);
  record.document.clear();
  loaded->record = std::move(record);
  return std::shared_ptr<const LoadedFlow>(std::move(loaded));
}

}  // namespace patchbay::flows
