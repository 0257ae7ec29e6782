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
  Route route;
  route.pattern = "/";
  route.access = Access::kOpen;
  route.summary = "Version and liveness; a browser is sent to the Backoffice";
  route.asyncHandler = [text](Request request, const Respond& respond) {
    respond(wantsPage(request) ? toBackoffice() : jsonText(text));
  };
  router.add(std::move(route));

  Route document;
  document.pattern = "/openapi.json";
  document.access = Access::kOpen;
  document.summary = "This API as an OpenAPI document";
  document.handler = [&router, information](Request&) -> base::Result<Response> {
    return jsonResponse(openApiDocument(router, information.engineVersion, information.publicUrl));
  };
  router.add(std::move(document));
}

}  // namespace patchbay::http
