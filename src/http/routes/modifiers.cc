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

Answer tested(base::Result<std::optional<std::string>> result) {
  if (!result) {
    return result.error();
  }
  if (!*result) {
    return base::fail(base::Code::kInvalid, "The function returned \"undefined\".");
  }
  return jsonText(std::move(**result));
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
  if (!document.parts().test) {
    respond(base::fail(base::Code::kUnavailable, "Functions cannot be tested on this server."));
    return;
  }
  document.parts().test(helperFn, json::write(json::value(json::getArray(*body, "arguments"))),
                        [respond](base::Result<std::optional<std::string>> result) {
                          respond(tested(std::move(result)));
                        });
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
  return document->load();
}

}  // namespace patchbay::http
