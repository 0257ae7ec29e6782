#include "http/open_api.h"

#include "base/json.h"
#include "http/target.h"

namespace patchbay::http {

namespace {

std::string lowerMethod(Method method) {
  std::string text(methodText(method));
  for (char& c : text) {
    c = static_cast<char>(c | 0x20);
  }
  return text;
}

// "/flows/:id" as "/flows/{id}", with the names of its parameters.
std::string templateOf(const std::string& pattern, json::array& parameters) {
  std::string path;
  for (const std::string_view segment : pathSegments(pattern)) {
    path += '/';
    if (segment.front() != ':' && segment.front() != '*') {
      path += segment;
      continue;
    }
    const std::string name(segment.substr(1));
    path += "{" + name + "}";
    parameters.push_back(json::object{{"name", name},
                                      {"in", "path"},
                                      {"required", true},
                                      {"schema", json::object{{"type", "string"}}}});
  }
  return path.empty() ? "/" : path;
}

std::string firstSegment(const std::string& pattern) {
  const auto segments = pathSegments(pattern);
  return segments.empty() ? "server" : std::string(segments.front());
}

json::object responsesOf(const Route& route) {
  const json::object error{{"$ref", "#/components/responses/Error"}};
  json::object responses{{"2XX", json::object{{"description", "Done"}}}, {"default", error}};
  if (route.access != Access::kOpen) {
    responses["401"] = error;
  }
  if (route.access == Access::kAdmin || !route.family.empty()) {
    responses["403"] = error;
  }
  return responses;
}

json::object operationOf(const Route& route, json::array parameters) {
  json::object operation;
  operation["tags"] = json::array{json::value(firstSegment(route.pattern))};
  operation["summary"] = route.summary.empty() ? lowerMethod(route.method) + " " + route.pattern
                                               : route.summary;
  if (!parameters.empty()) {
    operation["parameters"] = std::move(parameters);
  }
  operation["responses"] = responsesOf(route);
  operation["security"] = route.access == Access::kOpen
                              ? json::array{}
                              : json::array{json::object{{"token", json::array{}}}};
  operation["x-access"] = route.access == Access::kOpen   ? "open"
                          : route.access == Access::kUser ? "user"
                                                          : "admin";
  return operation;
}

json::object sharedParts() {
  const json::object text{{"type", "string"}};
  const json::object schema{
      {"type", "object"},
      {"required", json::array{"statusCode", "error", "message"}},
      {"properties", json::object{{"statusCode", json::object{{"type", "integer"}}},
                                  {"error", text},
                                  {"message", text},
                                  {"code", text},
                                  {"data", json::object{}}}}};
  const json::object content{{"application/json", json::object{{"schema", schema}}}};
  return json::object{
      {"securitySchemes",
       json::object{{"token", json::object{{"type", "http"},
                                           {"scheme", "bearer"},
                                           {"bearerFormat", "JWT"}}}}},
      {"responses",
       json::object{{"Error", json::object{{"description", "What went wrong and what to do"},
                                           {"content", content}}}}}};
}

}  // namespace

boost::json::object openApiDocument(const Router& router, const std::string& version,
                                    const std::string& serverUrl) {
  json::object paths;
  for (const Route& route : router.routes()) {
    json::array parameters;
    const std::string path = templateOf(route.pattern, parameters);
    json::value& item = paths[path];
    if (!item.is_object()) {
      item = json::object();
    }
    item.get_object()[lowerMethod(route.method)] = operationOf(route, std::move(parameters));
  }
  json::object document;
  document["openapi"] = "3.0.3";
  document["info"] = json::object{{"title", "Patchbay"}, {"version", version}};
  if (!serverUrl.empty()) {
    document["servers"] = json::array{json::object{{"url", serverUrl}}};
  }
  document["paths"] = std::move(paths);
  document["components"] = sharedParts();
  return document;
}

}  // namespace patchbay::http
