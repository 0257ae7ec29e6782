#include "http/routes/plugins.h"

#include <set>
#include <utility>

#include "base/json.h"

namespace patchbay::http {

namespace {

constexpr std::string_view kPrefix = "/plugins/";
constexpr std::string_view kRevision = "x-patchbay-revision";

// Of one connection only, or said elsewhere.
const std::set<std::string, std::less<>>& unsent() {
  static const std::set<std::string, std::less<>> kNames{"connection", "keep-alive", "transfer-encoding", "content-length",
                                                         "upgrade",    "te",         "trailer",           "proxy-authorization",
                                                         "expect",     kRevision.data()};
  return kNames;
}

std::string headersOf(const Request& request) {
  json::object headers;
  for (const auto& [name, value] : request.headers) {
    if (!unsent().contains(name) && !(request.caller && (name == "authorization" || name == "cookie"))) {
      headers[name] = value;
    }
  }
  return json::write(headers);
}

std::string userOf(const Request& request) {
  if (!request.caller) {
    return "null";
  }
  const access::Caller& caller = *request.caller;
  return json::write(json::object{
      {"id", caller.userId}, {"username", caller.username}, {"email", caller.email}, {"scope", json::toArray(caller.scope)}});
}

plugins::PluginRequest requestOf(Request& request) {
  plugins::PluginRequest out;
  out.method = methodText(request.method);
  out.headers = headersOf(request);
  out.user = userOf(request);
  out.body = std::move(request.body);
  out.remoteAddress = request.clientAddress;
  const auto host = request.headers.find("host");
  out.hostname = host == request.headers.end() ? "" : host->second.substr(0, host->second.rfind(':'));
  return out;
}

class AnswerBody final : public BodyStream {
 public:
  explicit AnswerBody(std::shared_ptr<plugins::AnswerStream> stream) : stream_(std::move(stream)) {}
  ~AnswerBody() override { stream_->leave(); }
  void next(Deliver deliver) override { stream_->next(std::move(deliver)); }
  std::string_view heartbeat() const override { return {}; }

 private:
  std::shared_ptr<plugins::AnswerStream> stream_;
};

Response responseOf(plugins::PluginAnswer answer) {
  Response response;
  response.status = answer.status;
  response.contentType.clear();
  for (auto& [name, value] : answer.headers) {
    if (name == "content-type") {
      response.contentType = std::move(value);
    } else if (!unsent().contains(name)) {
      response.headers.emplace_back(std::move(name), std::move(value));
    }
  }
  response.body = std::move(answer.body);
  if (answer.stream) {
    response.stream = std::make_shared<AnswerBody>(std::move(answer.stream));
  }
  return response;
}

void ask(const PluginRouteParts& parts, Request request, Respond respond) {
  const std::string path = request.target.substr(kPrefix.size());
  const auto named = request.headers.find(kRevision);
  const std::string revision = named == request.headers.end() ? std::string() : named->second;
  parts.plugins.request(path, revision, requestOf(request), [respond = std::move(respond)](base::Result<plugins::PluginAnswer> answer) {
    if (answer) {
      respond(responseOf(std::move(*answer)));
    } else {
      respond(answer.error());
    }
  });
}

base::Result<Response> listPlugins(const PluginRouteParts& parts) {
  const auto list = std::make_shared<json::array>();
  if (!parts.onLoop([&parts, list] { *list = parts.plugins.list(); })) {
    return base::fail(base::Code::kUnavailable, "The server is busy. Try again.");
  }
  return jsonResponse(json::value(std::move(*list)));
}

}  // namespace

void addPluginRoutes(Router& router, const PluginRouteParts& parts) {
  router.add(Method::kGet, "/plugins", {.access = Access::kAdmin}, "The plugins of connectors: their state, routes and jobs",
             [parts](Request&) { return listPlugins(parts); });
  for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    router.add(method, "/plugins/*rest", {.access = Access::kOpen, .limit = "LIMIT_PLUGIN_BYTES"}, "A route of a connector's plugin",
               [parts](Request request, Respond respond) { ask(parts, std::move(request), std::move(respond)); });
  }
}

}  // namespace patchbay::http
