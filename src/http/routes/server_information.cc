#include "http/routes/server_information.h"

#include "base/json.h"
#include "http/open_api.h"

namespace patchbay::http {

namespace {

bool wantsPage(const Request& request) {
  const auto accept = request.headers.find("accept");
  return accept != request.headers.end() &&
         accept->second.find("text/html") != std::string::npos;
}

Response toBackoffice() {
  Response response = jsonResponse(json::object{}, 302);
  response.headers = {{"Location", "/backoffice/"}, {"Vary", "Accept"}};
  return response;
}

}  // namespace

void addServerInformationRoutes(Router& router, ServerInformation information) {
  const std::string text = json::write(json::object{{"name", "patchbay"},
                                                    {"version", information.engineVersion},
                                                    {"patchbay", information.ownVersion},
                                                    {"status", "ok"},
                                                    {"url", information.publicUrl}});
  const RouteRules open{.access = Access::kOpen};
  router.add(Method::kGet, "/", open, "Version and liveness; a browser is sent to the Backoffice",
             [text](const Request& request, const Respond& respond) {
               respond(wantsPage(request) ? toBackoffice() : jsonText(text));
             });
  router.add(Method::kGet, "/openapi.json", open, "This API as an OpenAPI document",
             [&router, information](Request&) -> base::Result<Response> {
               return jsonResponse(
                   openApiDocument(router, information.engineVersion, information.publicUrl));
             });
}

}  // namespace patchbay::http
