#include "http/routes/system_configuration.h"

#include "base/json.h"
#include "http/body.h"
#include "http/routes/audit.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

Answer listPairs(const access::SystemConfiguration& configuration) {
  json::array pairs;
  for (auto& [key, value] : configuration.all()) {
    pairs.push_back(json::object{{"key", key}, {"value", value}});
  }
  return jsonResponse(std::move(pairs));
}

Answer onePair(const access::SystemConfiguration& configuration, Request& request) {
  const std::string& key = request.param("key");
  const auto value = key == access::kTokenSecretKey ? std::nullopt : configuration.get(key);
  if (!value) {
    return base::fail(base::Code::kNotFound, "Configuration key " + key + " is not set.");
  }
  return jsonResponse(json::object{{"key", key}, {"value", *value}});
}

Answer putPair(access::SystemConfiguration& configuration, const access::Audit& audit,
               Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  const std::string key = json::getString(*body, "key");
  const json::value* value = json::find(*body, "value");
  if (key.empty() || value == nullptr) {
    return base::fail(base::Code::kInvalid, "\"key\" (a text) and \"value\" are required.");
  }
  if (auto status = configuration.put(
          key, *value, noted(audit, request, "change", "configuration", key));
      !status) {
    return status.error();
  }
  return jsonResponse(json::object{{"key", key}, {"value", *value}});
}

Answer erasePair(access::SystemConfiguration& configuration, const access::Audit& audit,
                 Request& request) {
  const std::string& key = request.param("key");
  auto status =
      configuration.erase(key, noted(audit, request, "remove", "configuration", key));
  return status ? Answer(jsonResponse(json::object{{"ok", true}})) : Answer(status.error());
}

}  // namespace

void addSystemConfigurationRoutes(Router& router, access::SystemConfiguration& configuration,
                                  access::Audit& audit) {
  router.add(Method::kGet, "/config", {.access = Access::kAdmin}, "The system configuration",
             [&configuration](Request&) { return listPairs(configuration); });
  router.add(Method::kPost, "/config", {.access = Access::kAdmin},
             "Set one key of the system configuration",
             [&configuration, &audit](Request& request) {
               return putPair(configuration, audit, request);
             });
  router.add(Method::kGet, "/config/:key", {.access = Access::kAdmin},
             "One key of the system configuration",
             [&configuration](Request& request) { return onePair(configuration, request); });
  router.add(Method::kDelete, "/config/:key", {.access = Access::kAdmin},
             "Unset one key of the system configuration",
             [&configuration, &audit](Request& request) {
               return erasePair(configuration, audit, request);
             });
}

}  // namespace patchbay::http
