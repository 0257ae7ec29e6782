#include "http/routes/modifiers.h"

#include <mutex>

#include "base/json.h"
#include "http/body.h"
#include "store/settings.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
constexpr std::string_view kKind = "modifiers";
constexpr std::string_view kName = "document";

// What GET answers now.
class Document {
 public:
  explicit Document(ModifierParts parts) : parts_(std::move(parts)) {
    text_ = std::make_shared<const std::string>(parts_.shipped);
  }

  base::Status load() {
    std::optional<std::string> stored;
    auto status = parts_.store.read(
        [&](store::Transaction& rows) { stored = rows.settings().get(kKind, kName); });
    if (status && stored) {
      swap(std::make_shared<const std::string>(*stored));
      tell(*stored);
    }
    return status;
  }

  std::shared_ptr<const std::string> text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

  base::Status put(const std::string& document) {
    const std::lock_guard writing(writing_);
    auto status = parts_.store.write([&](store::Transaction& rows) -> base::Status {
      rows.settings().put(kKind, kName, document);
      return {};
    });
    if (status) {
      swap(std::make_shared<const std::string>(document));
      tell(document);
    }
    return status;
  }

  base::Status erase() {
    const std::lock_guard writing(writing_);
    auto status = parts_.store.write([](store::Transaction& rows) -> base::Status {
      rows.settings().erase(kKind, kName);
      return {};
    });
    if (status) {
      swap(nullptr);
      tell("");
    }
    return status;
  }

  const ModifierParts& parts() const { return parts_; }

 private:
  void swap(std::shared_ptr<const std::string> text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  void tell(const std::string& document) const {
    if (parts_.changed) {
      parts_.changed(document);
    }
  }

  ModifierParts parts_;
  std::mutex writing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const std::string> text_;  // null: deleted
};

Answer get(const Document& document) {
  const auto text = document.text();
  if (text == nullptr) {
    return base::fail(base::Code::kNotFound,
                      "The modifiers were deleted: restore them, or restart the server.");
  }
  return jsonText(*text);
}

Answer put(Document& document, Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  for (const std::string_view part : {"categories", "modifiers"}) {
    const json::value* value = json::find(*body, part);
    if (value == nullptr || !value->is_object()) {
      return base::fail(base::Code::kInvalid,
                        "\"" + std::string(part) + "\" must be an object. Nothing was changed.");
    }
  }
  const std::string text = json::write(*body);
  auto status = document.put(text);
  return status ? Answer(jsonText(text)) : Answer(status.error());
}

void evaluate(const ModifierParts::Evaluate& evaluate, std::string members,
              const Respond& respond) {
  evaluate(std::move(members), [respond](base::Result<std::optional<std::string>> result) {
    if (!result) {
      respond(result.error());
    } else if (!*result) {
      respond(base::fail(base::Code::kInvalid, "The function returned \"undefined\"."));
    } else {
      respond(jsonText(std::move(**result)));
    }
  });
}

void test(const Document& document, const Request& request, const Respond& respond) {
  auto body = objectBody(request);
  if (!body) {
    respond(body.error());
    return;
  }
  const std::string helperFn = json::getString(*body, "helperFn");
  if (helperFn.empty()) {
    respond(base::fail(base::Code::kInvalid, "\"helperFn\" (JavaScript text) is required."));
    return;
  }
  std::string members;
  json::addText(members, "helperFn", helperFn);
  json::addRaw(members, "arguments", json::write(json::value(json::getArray(*body, "arguments"))));
  evaluate(document.parts().test, std::move(members), respond);
}

// A value of the body that must be an object; an empty one when it is absent.
base::Result<std::string> objectMember(const json::object& body, std::string_view name) {
  const json::value* value = json::find(body, name);
  if (value != nullptr && !value->is_object()) {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be an object.");
  }
  return value == nullptr ? std::string("{}") : json::write(*value);
}

// What a transform makes of a message, outside any flow: of `content` and of `scope` ({componentId:
// {port: payload}}).
void transform(const Document& document, const Request& request, const Respond& respond) {
  auto body = objectBody(request);
  if (!body) {
    respond(body.error());
    return;
  }
  const json::value* transform = json::find(*body, "transform");
  if (transform == nullptr || !transform->is_object()) {
    respond(base::fail(base::Code::kInvalid,
                       "\"transform\" (an object: lambda, modifiers) is required."));
    return;
  }
  auto scope = objectMember(*body, "scope");
  auto customFields = objectMember(*body, "customFields");
  if (!scope || !customFields) {
    respond(scope ? customFields.error() : scope.error());
    return;
  }
  const json::value* content = json::find(*body, "content");
  const json::object env{{"flowId", ""},
                         {"flowName", ""},
                         {"userId", request.caller->userId},
                         {"webhookUrl", ""},
                         {"customFields", json::parseOwn(*customFields)},
                         {"messageId", base::newUuid(document.parts().random)}};
  std::string members;
  json::addRaw(members, "transform", json::write(*transform));
  json::addRaw(members, "content", content == nullptr ? "{}" : json::write(*content));
  json::addRaw(members, "scope", *scope);
  json::addRaw(members, "env", json::write(env));
  evaluate(document.parts().transform, std::move(members), respond);
}

}  // namespace

base::Status addModifierRoutes(Router& router, ModifierParts parts) {
  auto document = std::make_shared<Document>(std::move(parts));
  router.add(Method::kGet, "/modifiers", {}, "The modifiers",
             [document](Request&) { return get(*document); });
  router.add(Method::kPut, "/modifiers", {.access = Access::kAdmin}, "Replace the modifiers",
             [document](Request& request) { return put(*document, request); });
  router.add(Method::kDelete, "/modifiers", {.access = Access::kAdmin},
             "Delete the modifiers until the next start", [document](Request&) -> Answer {
               auto status = document->erase();
               return status ? Answer(jsonResponse(json::object{})) : Answer(status.error());
             });
  router.add(Method::kPost, "/modifiers/test", {}, "Run a modifier's function once",
             [document](const Request& request, const Respond& respond) {
               test(*document, request, respond);
             });
  router.add(Method::kPost, "/modifiers/transform", {}, "What a transform makes of a message",
             [document](const Request& request, const Respond& respond) {
               transform(*document, request, respond);
             });
  return document->load();
}

}  // namespace patchbay::http
